import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import type { AicoreClient } from "./client.ts";
import { listAll } from "./pages.ts";

/** What a deployment is to be made of. */
export interface Blueprint {
  scenario: string;
  executable: string;
  /** Undefined for orchestration, which is bound to no model. */
  model: { name: string; version: string } | undefined;
}

/**
 * The id of a configuration that says exactly this: one that is there already, the newest of several, or a new one.
 * @throws ApiError as `AicoreClient.manage` does.
 */
export async function configurationFor(
  client: AicoreClient,
  blueprint: Blueprint,
  resourceGroup: string,
): Promise<{ id: string; made: boolean }> {
  const { scenario, executable, model } = blueprint;
  const query = { scenarioId: scenario, executableIds: executable };
  const rows = await listAll(client, "/lm/configurations", { resourceGroup, query });
  // Also here: not every landscape heeds the filter.
  const fitting = rows
    .filter((row) => row.scenarioId === scenario && row.executableId === executable)
    .filter((row) => isBoundTo(row, model))
    .sort((a, b) => String(b.createdAt ?? "").localeCompare(String(a.createdAt ?? "")));
  const known = fitting[0]?.id;
  if (typeof known === "string") return { id: known, made: false };
  const { id } = await client.manage("POST", "/lm/configurations", {
    resourceGroup,
    body: bodyOf(blueprint),
  });
  if (typeof id === "string" && id !== "") return { id, made: true };
  throw new ApiError(502, "SAP AI Core accepted the configuration but did not say its id.", {
    origin: "upstream",
    reason: "bad_answer",
  });
}

function bodyOf({ scenario, executable, model }: Blueprint): JsonObject {
  return {
    name: model === undefined ? executable : model.name,
    scenarioId: scenario,
    executableId: executable,
    versionId: "0.0.1",
    parameterBindings: bindingsOf(model).map(([key, value]) => ({ key, value })),
    inputArtifactBindings: [],
  };
}

function bindingsOf(model: Blueprint["model"]): [key: string, value: string][] {
  return model === undefined
    ? []
    : [
        ["modelName", model.name],
        ["modelVersion", model.version],
      ];
}

/** Exactly these bindings: a further one may be a filter or a limit that nobody asked for here. */
function isBoundTo(row: JsonObject, model: Blueprint["model"]): boolean {
  const bound = Array.isArray(row.parameterBindings) ? row.parameterBindings.filter(isObject) : [];
  const wanted = bindingsOf(model);
  return (
    bound.length === wanted.length &&
    wanted.every(([key, value]) => bound.some((one) => one.key === key && one.value === value))
  );
}
