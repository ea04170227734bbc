/** What a command works with once someone is logged in: a tenant, a client for it, and its models. */
import { setFlagsFromString } from "node:v8";
import { AicoreClient } from "../aicore/client.ts";
import { createNetwork, type Network } from "../aicore/network.ts";
import { Catalog } from "../catalog/catalog.ts";
import type { Tenant } from "../config/credentials.ts";
import type { Settings } from "../config/settings.ts";
import { AicoreError } from "../errors.ts";
import { findTenants, type TenantOptions, type Tenants, wayOut } from "./tenants.ts";
import type { Context } from "./types.ts";

/**
 * WebAssembly stays as V8 compiles it first. undici's parser has a function so large that to optimise it takes 0.3 s of CPU
 * and 36 MB, with the first answers; 10 of them stay. It gains 0.4 µs an answer and 0.07 an event (Node 20, 2026-11).
 */
for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);

export interface Session extends Pick<Tenants, "settings" | "warnings" | "left"> {
  /** The sub-account that was asked for, and its client. */
  tenant: Tenant;
  client: AicoreClient;
  /** All that serve requests together, that one first. */
  clients: readonly AicoreClient[];
  catalog: Catalog;
  close(): Promise<void>;
}

/** @throws CredentialsError when nobody is logged in; ConfigError and KeychainError as the parts do. */
export async function openSession(context: Context, options: TenantOptions = {}): Promise<Session> {
  return sessionOf(await findTenants(context, options), context);
}

export function sessionOf(
  { settings, tenants, way, warnings, left }: Tenants,
  { log }: Pick<Context, "log">,
): Session {
  const network = createNetwork(way);
  const [client, ...others] = tenants.map((tenant) => new AicoreClient({ tenant, network, log }));
  if (!client) throw new AicoreError("unexpected", "There is no tenant.");
  const clients = [client, ...others];
  const catalog = new Catalog({
    clients,
    aliases: settings.aliases,
    strict: settings.value("models.strict"),
    log,
  });
  return {
    settings,
    tenant: client.tenant,
    client,
    clients,
    catalog,
    warnings,
    left,
    close: () => network.close(),
  };
}

/** The way out of this machine. @throws ConfigError for proxies and certificates that cannot be used. */
export function networkFor(context: Context, settings: Settings): Network {
  return createNetwork(wayOut(context, settings));
}
