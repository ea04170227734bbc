import { ApiError } from "../errors.ts";
import type { JsonObject } from "../hub/json.ts";
import type { AicoreClient } from "./client.ts";
import type { Deployment } from "./deployment.ts";
import { listAll } from "./pages.ts";
import { needsConfiguration, parseDeployment } from "./parse-deployment.ts";

export interface ListDeploymentsOptions {
  /** Default: the tenant's. */
  resourceGroup?: string;
  /** `RUNNING`, …; default: every status. */
  status?: string;
}

/**
 * The deployments of one resource group, in SAP's order. Where the list leaves the model out, the configurations are
 * asked, in parallel, each once. A deployment whose URL is on another host than the service key's is left out with a
 * warning: the token would travel there.
 * @throws ApiError as `AicoreClient.manage` does.
 */
export async function listDeployments(
  client: AicoreClient,
  options: ListDeploymentsOptions = {},
): Promise<Deployment[]> {
  const { profile } = client.tenant;
  const resourceGroup = options.resourceGroup ?? client.tenant.resourceGroup;
  const rows = await listAll(client, "/lm/deployments", { resourceGroup, query: { status: options.status } });
  const configurations = await readConfigurations(client, resourceGroup, rows.filter(needsConfiguration));
  const deployments = rows.map((row) =>
    parseDeployment(row, { resourceGroup, profile, configuration: configurations.get(row.configurationId) }),
  );
  return deployments.filter((deployment) => isAtHome(client, deployment));
}

/** How many deployments a resource group has, of every status. */
export async function countDeployments(client: AicoreClient, resourceGroup: string): Promise<number> {
  const { count } = await client.manage("GET", "/lm/deployments", { resourceGroup, query: { $top: 1 } });
  return typeof count === "number" ? count : (await listDeployments(client, { resourceGroup })).length;
}

/** Configurations by id. One that cannot be read is left out: a missing model name must not hide the other models. */
async function readConfigurations(
  client: AicoreClient,
  resourceGroup: string,
  rows: JsonObject[],
): Promise<Map<unknown, JsonObject>> {
  const ids = [...new Set(rows.map((row) => String(row.configurationId)))];
  const found = new Map<unknown, JsonObject>();
  await Promise.all(
    ids.map(async (id) => {
      try {
        found.set(
          id,
          await client.manage("GET", `/lm/configurations/${encodeURIComponent(id)}`, { resourceGroup }),
        );
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        client.log.debug("a configuration could not be read", { id, error: error.message });
      }
    }),
  );
  return found;
}

function isAtHome(client: AicoreClient, deployment: Deployment): boolean {
  if (deployment.url === "" || client.owns(deployment.url)) return true;
  client.log.once(
    `foreign ${deployment.id}`,
    "warn",
    `deployment ${deployment.id} is left out: its URL is not on the host of the service key`,
  );
  return false;
}
