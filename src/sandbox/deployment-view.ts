/** A deployment as the management API shows it: in the uneven shapes that live tenants show (protocol 3.1). */
import type { JsonObject } from "../hub/json.ts";
import { type Deployment, statusMessageOf, statusOf } from "./tenant.ts";

export function deploymentView(deployment: Deployment, baseUrl: string): JsonObject {
  const { id, configuration, createdAt } = deployment;
  const status = statusOf(deployment);
  return {
    id,
    createdAt,
    modifiedAt: createdAt,
    submissionTime: createdAt,
    startTime: createdAt,
    status,
    targetStatus: deployment.targetStatus,
    lastOperation: deployment.lastOperation,
    statusMessage: statusMessageOf(deployment),
    details: detailsOf(deployment),
    scenarioId: configuration.scenarioId,
    configurationId: configuration.id,
    configurationName: configuration.name,
    latestRunningConfigurationId: configuration.id,
    deploymentUrl: status === "RUNNING" ? `${baseUrl}/v2/inference/deployments/${id}` : "",
    ...(deployment.showExecutable ? { executableId: deployment.executable } : {}),
    ...(deployment.ttl === undefined ? {} : { ttl: deployment.ttl }),
  };
}

function detailsOf({ details, model, version }: Deployment): JsonObject {
  if (details === "none" || model === undefined) {
    return { resources: { backend_details: {} }, scaling: { backend_details: {} } };
  }
  const spellings = details === "both" ? ["backendDetails", "backend_details"] : [details];
  return {
    resources: Object.fromEntries(spellings.map((key) => [key, { model: { name: model, version } }])),
    scaling: Object.fromEntries(spellings.map((key) => [key, {}])),
  };
}
