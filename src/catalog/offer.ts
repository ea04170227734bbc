import type { AicoreClient } from "../aicore/client.ts";
import { ORCHESTRATION } from "../aicore/executables.ts";
import { listAll } from "../aicore/pages.ts";
import { isObject, type JsonObject } from "../hub/json.ts";

/**
 * The models of SAP's catalogue that this tenant may reach through orchestration, without a deployment of their own.
 * @throws ApiError as `AicoreClient.manage` does.
 */
export async function modelsThroughOrchestration(client: AicoreClient): Promise<string[]> {
  const rows = await listAll(client, "/lm/scenarios/foundation-models/models");
  return rows
    .filter(allowsOrchestration)
    .flatMap((row) => (typeof row.model === "string" ? [row.model] : []));
}

/** Whether a row of SAP's catalogue may be reached through orchestration. */
export function allowsOrchestration(row: JsonObject): boolean {
  const scenarios = Array.isArray(row.allowedScenarios) ? row.allowedScenarios : [];
  return scenarios.filter(isObject).some((scenario) => scenario.scenarioId === ORCHESTRATION);
}
