/** What a command works with once someone is logged in: a tenant, a client for it, and its models. */
import { AicoreClient } from "../aicore/client.ts";
import { createNetwork, type Network } from "../aicore/network.ts";
import { Catalog } from "../catalog/catalog.ts";
import type { Tenant } from "../config/credentials.ts";
import { checkNetworkEnvironment } from "../config/network.ts";
import { pathsFor } from "../config/paths.ts";
import { plainFileWarning } from "../config/secrets/index.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { type ResolveOptions, resolveTenant } from "../config/sources.ts";
import { secretOptions } from "./secrets.ts";
import type { Context } from "./types.ts";

export interface Session {
  settings: Settings;
  tenant: Tenant;
  client: AicoreClient;
  catalog: Catalog;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Default: the one asked for with `--profile`. */
  profile?: string;
  resourceGroup?: string;
  /** False for a command that must not prompt. Default: true. */
  mayAsk?: boolean;
  /** Whether to say again that the secret lies in a plain file: `status` does, each time. */
  reminds?: boolean;
}

/** @throws CredentialsError when nobody is logged in; ConfigError and KeychainError as the parts do. */
export async function openSession(context: Context, options: SessionOptions = {}): Promise<Session> {
  const settings = loadSettings(context.env);
  const tenant = await resolveTenant(resolveOptions(context, settings, options));
  const reminder = plainFileWarning(pathsFor(context.env));
  for (const warning of [...settings.warnings, ...tenant.warnings]) {
    if (warning !== reminder || options.reminds) context.out.warn(warning);
  }
  const network = networkFor(context, settings);
  const client = new AicoreClient({ tenant, network, log: context.log });
  const catalog = new Catalog({
    clients: [client],
    aliases: settings.aliases,
    strict: settings.value("models.strict"),
    log: context.log,
  });
  return { settings, tenant, client, catalog, close: () => network.close() };
}

/** The resource groups whose deployments are meant when nobody names one. */
export function groupsServed({ resourceGroup, resourceGroups }: Tenant): string[] {
  return resourceGroups ?? [resourceGroup];
}

/** Where credentials are looked for: see `resolveTenant`. */
export function resolveOptions(
  context: Context,
  settings: Settings,
  options: SessionOptions = {},
): ResolveOptions {
  const { env, globals } = context;
  return {
    ...secretOptions(context, pathsFor(env), options.mayAsk),
    settings,
    profile: options.profile ?? globals.profile,
    resourceGroup: options.resourceGroup,
  };
}

/** The way out of this machine. @throws ConfigError for proxies and certificates that cannot be used. */
export function networkFor({ env }: Context, settings: Settings): Network {
  return createNetwork(checkNetworkEnvironment(env, settings.value("tls.caFile")));
}
