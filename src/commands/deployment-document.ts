/** A deployment as the commands print it for programs. */
import type { Deployment } from "../aicore/deployment.ts";
import type { DeploymentDetails } from "../aicore/read-deployment.ts";
import type { JsonObject } from "../hub/json.ts";

/** As in lists. */
export function deploymentDocument(deployment: Deployment): JsonObject {
  return {
    id: deployment.id,
    model: deployment.model ?? null,
    version: deployment.modelVersion ?? null,
    status: deployment.status,
    executable: deployment.executable,
    scenario: deployment.scenario,
    resource_group: deployment.resourceGroup,
    profile: deployment.profile,
    url: deployment.url,
    created_at: deployment.createdAt,
  };
}

/** The same, with what is known only of one that was asked for by itself. */
export function detailsDocument(deployment: DeploymentDetails): JsonObject {
  return {
    ...deploymentDocument(deployment),
    target_status: deployment.targetStatus || null,
    status_message: deployment.statusMessage || null,
    status_details: deployment.statusDetails,
    ttl: deployment.ttl || null,
    configuration: { id: deployment.configurationId, name: deployment.configurationName },
    modified_at: deployment.modifiedAt || null,
  };
}
