/** Whose models a command may use, found out before anything is loaded that talks to them. */
import type { Tenant } from "../config/credentials.ts";
import { checkNetworkEnvironment, type NetworkEnvironment } from "../config/network.ts";
import { pathsFor } from "../config/paths.ts";
import { plainFileWarning } from "../config/secrets/index.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { type ResolveOptions, resolvePool, resolveTenant } from "../config/sources.ts";
import { secretOptions } from "./secrets.ts";
import type { Context } from "./types.ts";

export interface TenantOptions {
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

/** The sub-accounts to work with, and the way to them. */
export interface Tenants {
  settings: Settings;
  /** The one that was asked for, first. */
  tenants: readonly Tenant[];
  /** The way out of this machine, checked. */
  way: NetworkEnvironment;
  /** What the user had to be told; those in `TenantOptions.told` are among them. */
  warnings: readonly string[];
  /** The profiles whose credentials could not be had. */
  left: readonly string[];
}

/** @throws CredentialsError when nobody is logged in; ConfigError and KeychainError as the parts do. */
export async function findTenants(context: Context, options: TenantOptions = {}): Promise<Tenants> {
  const settings = options.settings ?? loadSettings(context.env);
  const asked = resolveOptions(context, settings, options);
  const { tenants, left } = options.pool
    ? await resolvePool(asked)
    : { tenants: [await resolveTenant(asked)], left: [] };
  const reminder = plainFileWarning(pathsFor(context.env));
  const all = [
    ...settings.warnings,
    ...tenants.flatMap((each) => each.warnings),
    ...left.map(({ profile, error }) => `Profile "${profile}" is left out: ${error.message}`),
  ];
  const warnings = [...new Set(all)].filter((warning) => warning !== reminder || options.reminds);
  for (const warning of warnings) if (!options.told?.includes(warning)) context.out.warn(warning);
  return {
    settings,
    tenants,
    way: wayOut(context, settings),
    warnings,
    left: left.map((each) => each.profile),
  };
}

/** The resource groups whose deployments are meant when nobody names one. */
export function groupsServed({ resourceGroup, resourceGroups }: Tenant): string[] {
  return resourceGroups ?? [resourceGroup];
}

/** Where credentials are looked for: see `resolveTenant`. */
export function resolveOptions(
  context: Context,
  settings: Settings,
  options: TenantOptions = {},
): ResolveOptions {
  const { env, globals } = context;
  return {
    ...secretOptions(context, pathsFor(env), options.mayAsk),
    settings,
    profile: options.profile ?? globals.profile,
    resourceGroup: options.resourceGroup,
  };
}

/** @throws ConfigError for proxies and certificates that cannot be used. */
export function wayOut({ env }: Context, settings: Settings): NetworkEnvironment {
  return checkNetworkEnvironment(env, settings.value("tls.caFile"));
}
