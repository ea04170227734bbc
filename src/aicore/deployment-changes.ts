import { ApiError } from "../errors.ts";
import type { AicoreClient } from "./client.ts";

/** A deployment, and the resource group that every call about it has to name. */
export interface DeploymentAddress {
  id: string;
  resourceGroup: string;
}

export interface DeploymentWish {
  configurationId: string;
  resourceGroup: string;
  /** `30m`, `24H`, `7d`; without it the deployment stays until someone stops it. */
  ttl?: string | undefined;
}

/**
 * Schedules a deployment: it is UNKNOWN, then PENDING, then RUNNING, which takes minutes.
 * @returns its id.
 * @throws ApiError as `AicoreClient.manage` does; 400 for a configuration that cannot be deployed.
 */
export async function createDeployment(client: AicoreClient, wish: DeploymentWish): Promise<string> {
  const { configurationId, ttl, resourceGroup } = wish;
  const body = { configurationId, ...(ttl !== undefined && { ttl }) };
  const { id } = await client.manage("POST", "/lm/deployments", { resourceGroup, body });
  if (typeof id === "string" && id !== "") return id;
  throw new ApiError(502, "SAP AI Core accepted the deployment but did not say its id.", {
    origin: "upstream",
    reason: "bad_answer",
  });
}

/**
 * Asks for a deployment to be stopped; it is STOPPING, then STOPPED.
 * @throws ApiError 400 from any status but RUNNING and PENDING (SAP's code 01010076), 404 for no such deployment.
 */
export async function stopDeployment(client: AicoreClient, address: DeploymentAddress): Promise<void> {
  const { resourceGroup } = address;
  await client.manage("PATCH", pathOf(address), { resourceGroup, body: { targetStatus: "STOPPED" } });
}

/**
 * Asks for a deployment to be deleted.
 * @throws ApiError 400 while it runs or is being stopped, 404 for no such deployment.
 */
export async function deleteDeployment(client: AicoreClient, address: DeploymentAddress): Promise<void> {
  await client.manage("DELETE", pathOf(address), { resourceGroup: address.resourceGroup });
}

function pathOf({ id }: DeploymentAddress): string {
  return `/lm/deployments/${encodeURIComponent(id)}`;
}
