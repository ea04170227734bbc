/** The document that `login` and `status` print with `--json`. */
import type { Tenant } from "../config/credentials.ts";
import { maskClientId } from "../config/profiles.ts";

/** What is known from asking the tenant; undefined when it was not asked or could not be. */
export interface TenantFacts {
  expiresAt: Date | undefined;
  deployments: number;
  models: number;
}

export function accountDocument(
  tenant: Pick<Tenant, "profile" | "source" | "credentials" | "resourceGroup">,
  facts: TenantFacts | undefined,
): Record<string, unknown> {
  return {
    profile: tenant.profile,
    credentials: { source: tenant.source, client_id: maskClientId(tenant.credentials.clientId) },
    api_url: tenant.credentials.apiUrl,
    resource_group: tenant.resourceGroup,
    token: { expires_at: facts?.expiresAt?.toISOString() ?? null },
    models: facts?.models ?? null,
    deployments: facts?.deployments ?? null,
  };
}
