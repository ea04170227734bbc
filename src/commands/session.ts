/** What a command works with once someone is logged in: a tenant, a client for it, and its models. */
import { AicoreClient } from "../aicore/client.ts";
import { createNetwork, type Network } from "../aicore/network.ts";
import { Catalog } from "../catalog/catalog.ts";
import type { Tenant } from "../config/credentials.ts";
import { checkNetworkEnvironment } from "../config/network.ts";
import { pathsFor } from "../config/paths.ts";
import { plainFileWarning } from "../config/secrets/index.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { type Pool, type ResolveOptions, resolvePool, resolveTenant } from "../config/sources.ts";
import { AicoreError } from "../errors.ts";
import { secretOptions } from "./secrets.ts";
import type { Context } from "./types.ts";

export interface Session {
  settings: Settings;
  /** The sub-account that was asked for, and its client. */
  tenant: Tenant;
  client: AicoreClient;
  /** All that serve requests together, that one first. */
  clients: readonly AicoreClient[];
  catalog: Catalog;
  /** What the user had to be told; those in `SessionOptions.told` are among them. */
  warnings: readonly string[];
  /** The profiles whose credentials could not be had. */
  left: readonly string[];
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Those that the command has read already. */
  settings?: Settings;
  /** Default: the one asked for with `--profile`. */
  profile?: string;
  resourceGroup?: string;
  /** False for a command that must not prompt. Default: true. */
  mayAsk?: boolean;
  /** Whether all profiles take part, where none was asked for by name. */
  pool?: boolean;
  /** Whether to say again that the secret lies in a plain file: `status` does, each time. */
  reminds?: boolean;
  /** Warnings that the user has heard already. */
  told?: readonly string[];
}

/** @throws CredentialsError when nobody is logged in; ConfigError and KeychainError as the parts do. */
export async function openSession(context: Context, options: SessionOptions = {}): Promise<Session> {
  const settings = options.settings ?? loadSettings(context.env);
  const { tenants, left } = await tenantsFor(resolveOptions(context, settings, options), options.pool);
  const reminder = plainFileWarning(pathsFor(context.env));
  const all = [
    ...settings.warnings,
    ...tenants.flatMap((each) => each.warnings),
    ...left.map(({ profile, error }) => `Profile "${profile}" is left out: ${error.message}`),
  ];
  const warnings = [...new Set(all)].filter((warning) => warning !== reminder || options.reminds);
  for (const warning of warnings) if (!options.told?.includes(warning)) context.out.warn(warning);
  const network = networkFor(context, settings);
  const [client, ...others] = tenants.map(
    (tenant) => new AicoreClient({ tenant, network, log: context.log }),
  );
  if (!client) throw new AicoreError("unexpected", "There is no tenant.");
  const clients = [client, ...others];
  const catalog = new Catalog({
    clients,
    aliases: settings.aliases,
    strict: settings.value("models.strict"),
    log: context.log,
  });
  return {
    settings,
    tenant: client.tenant,
    client,
    clients,
    catalog,
    warnings,
    left: left.map(({ profile }) => profile),
    close: () => network.close(),
  };
}

async function tenantsFor(options: ResolveOptions, pool = false): Promise<Pool> {
  return pool ? await resolvePool(options) : { tenants: [await resolveTenant(options)], left: [] };
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
