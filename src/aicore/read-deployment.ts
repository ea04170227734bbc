import { isObject, type Json, type JsonObject } from "../hub/json.ts";
import type { AicoreClient } from "./client.ts";
import type { Deployment } from "./deployment.ts";
import { needsConfiguration, parseDeployment } from "./parse-deployment.ts";

/** What SAP AI Core tells of a deployment only when it is asked for that one. */
export interface DeploymentDetails extends Deployment {
  configurationId: string;
  /** Where it is on its way to: RUNNING, STOPPED or DELETED; empty where the landscape does not say. */
  targetStatus: string;
  /** `24H`; empty for one that stays. */
  ttl: string;
  /** RFC 3339. */
  modifiedAt: string;
  /** Of no fixed shape; empty for a deployment that is well. */
  statusDetails: JsonObject;
}

/**
 * One deployment by its whole id.
 * @throws ApiError as `AicoreClient.manage` does; 404 when the resource group has none of this id.
 */
export async function readDeployment(
  client: AicoreClient,
  { id, resourceGroup, signal }: { id: string; resourceGroup: string; signal?: AbortSignal | undefined },
): Promise<DeploymentDetails> {
  const ask = (path: string) => client.manage("GET", path, { resourceGroup, signal });
  const json = await ask(`/lm/deployments/${encodeURIComponent(id)}`);
  const configurationId = textOf(json.configurationId);
  const configuration = needsConfiguration(json)
    ? await ask(`/lm/configurations/${encodeURIComponent(configurationId)}`)
    : undefined;
  return {
    ...parseDeployment(json, { resourceGroup, profile: client.tenant.profile, configuration }),
    configurationId,
    targetStatus: textOf(json.targetStatus),
    ttl: textOf(json.ttl),
    modifiedAt: textOf(json.modifiedAt),
    statusDetails: isObject(json.statusDetails) ? json.statusDetails : {},
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
