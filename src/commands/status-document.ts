/** The document that `login` and `status` print with `--json`. */
import type { Tenant } from "../config/credentials.ts";
import { maskClientId } from "../config/profiles.ts";
import { count } from "../terminal/count.ts";

/** What is known from asking the tenant; undefined when it was not asked or could not be. */
export interface TenantFacts {
  expiresAt: Date | undefined;
  deployments: number;
  models: number;
}

/** "23 deployments, 18 models" */
export function found({ deployments, models }: Pick<TenantFacts, "deployments" | "models">): string {
  return `${count(deployments, "deployment")}, ${count(models, "model")}`;
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
