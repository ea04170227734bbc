import type { AicoreClient } from "./client.ts";
import { listAll } from "./pages.ts";

export interface ResourceGroup {
  id: string;
  /** PROVISIONED, PROVISIONING or ERROR. */
  status: string;
  /** Why it is not PROVISIONED; often empty. */
  statusMessage: string;
  /** RFC 3339. */
  createdAt: string;
}

/**
 * The resource groups of the tenant.
 * @throws ApiError as `AicoreClient.manage` does; 403 when the service key may not list them.
 */
export async function listResourceGroups(client: AicoreClient): Promise<ResourceGroup[]> {
  const rows = await listAll(client, "/admin/resourceGroups");
  return rows.map((row) => ({
    id: String(row.resourceGroupId ?? ""),
    status: String(row.status ?? ""),
    statusMessage: String(row.statusMessage ?? ""),
    createdAt: String(row.createdAt ?? ""),
  }));
}
