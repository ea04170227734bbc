import { type AicoreError, asAicoreError, ConfigError, CredentialsError } from "../errors.ts";
import type { CredentialSource, Tenant } from "./credentials.ts";
import type { SecretOptions } from "./secrets/index.ts";
import { loadSettings, type Settings } from "./settings.ts";
import { findClientVariables, findCloudFoundry, findServiceKey } from "./sources/environment.ts";
import { findCurrentProfile, findNamedProfile } from "./sources/profile.ts";
import { findSapConfig } from "./sources/sap-config.ts";
import type { FindSource, FoundSource, LoadedKey } from "./sources/source.ts";
import { CREDENTIAL_VARIABLES } from "./sources/variables.ts";

export interface ResolveOptions extends SecretOptions {
  /** Default: read from `paths`. */
  settings?: Settings | undefined;
  /** The profile that was asked for by name. */
  profile?: string | undefined;
  /** The resource group that was asked for. */
  resourceGroup?: string | undefined;
  /** Host suffixes to accept in keys of the environment. */
  allowHosts?: readonly string[] | undefined;
}

/** The order of precedence: the first that is found gives the whole set, nothing is mixed. */
const SOURCES: FindSource[] = [
  findNamedProfile,
  findServiceKey,
  findClientVariables,
  findCloudFoundry,
  findCurrentProfile,
  findSapConfig,
];

/** Variables in which an empty text is probably an accident: `AICORE_SERVICE_KEY=$(cat nothing)`. */
const TOLD_WHEN_EMPTY = [
  "AICORE_SERVICE_KEY",
  "VCAP_SERVICES",
  "AICORE_RESOURCE_GROUP",
  ...CREDENTIAL_VARIABLES,
];

/** What an id of a resource group is made of; it travels in a header. */
const RESOURCE_GROUP = /^[\w.-]{1,253}$/;

/**
 * The sub-account to work with.
 * @throws CredentialsError when no source has credentials, or the first that has them is not usable; KeychainError,
 * ConfigError and UsageError as its parts do
 */
export async function resolveTenant(options: ResolveOptions): Promise<Tenant> {
  const { found, warnings } = findSources(options);
  const [winner, ...others] = found;
  if (winner === undefined) {
    throw new CredentialsError(
      "no_credentials",
      "No SAP AI Core credentials found. Run `aicore login` or set AICORE_SERVICE_KEY.",
    );
  }
  const tenant = await tenantFrom(winner, options);
  if (others.length > 0) warnings.push(conflict(winner, others));
  return { ...tenant, warnings: [...warnings, ...tenant.warnings] };
}

/** Sub-accounts that serve requests together. */
export interface Pool {
  /** The one that `resolveTenant` gives, first. */
  tenants: Tenant[];
  /** Profiles whose credentials could not be had. */
  left: { profile: string; error: AicoreError }[];
}

/**
 * The sub-account to work with and, where it is the current profile and none was asked for by name, all other profiles.
 * One of those that cannot be opened is left out.
 * @throws as `resolveTenant` does
 */
export async function resolvePool(options: ResolveOptions): Promise<Pool> {
  const first = await resolveTenant(options);
  const settings = options.settings ?? loadSettings(options.env, options.paths);
  const pool: Pool = { tenants: [first], left: [] };
  const isCurrent = options.profile === undefined && first.profile === settings.currentProfile;
  if (!isCurrent || settings.value("routing.profiles") === "current") return pool;
  for (const profile of settings.profileNames.filter((name) => name !== first.profile)) {
    try {
      const [source] = findSources({ ...options, profile }).found;
      if (source) pool.tenants.push(await tenantFrom(source, options));
    } catch (error) {
      pool.left.push({ profile, error: asAicoreError(error) });
    }
  }
  return pool;
}

async function tenantFrom(source: FoundSource, options: ResolveOptions): Promise<Tenant> {
  const key = await source.load();
  return {
    profile: source.profile,
    credentials: key.credentials,
    source: source.source,
    ...resourceGroupsOf(key, options),
    warnings: key.warnings,
  };
}

/** A source as `status` shows it. */
export interface SourceListing {
  source: CredentialSource;
  /** A variable, `profile "x"`, a path. */
  name: string;
  profile: string;
  /** Masked; only where it is known without the secret. */
  clientId?: string;
  /** True for the one that `resolveTenant` takes. */
  wins: boolean;
}

/** Every source that has credentials, the one that counts first; no secret is read and nobody is asked. */
export function listSources(options: ResolveOptions): { sources: SourceListing[]; warnings: string[] } {
  const { found, warnings } = findSources(options);
  return {
    sources: found.map(({ load: _unused, ...listing }, rank) => ({ ...listing, wins: rank === 0 })),
    warnings,
  };
}

/** `warnings` goes on growing while a source loads. */
function findSources(options: ResolveOptions): { found: FoundSource[]; warnings: string[] } {
  const { env, paths, profile, allowHosts } = options;
  const warnings = TOLD_WHEN_EMPTY.filter((name) => env[name] === "").map(
    (name) => `${name} is set but empty; it counts as unset.`,
  );
  const context = {
    env,
    settings: options.settings ?? loadSettings(env, paths),
    secrets: options,
    profile,
    allowHosts,
    warn: (sentence: string) => void warnings.push(sentence),
  };
  const found = SOURCES.map((find) => find(context)).filter((source) => source !== undefined);
  return { found, warnings };
}

function conflict(winner: FoundSource, others: FoundSource[]): string {
  const names = new Intl.ListFormat("en").format(others.map(({ name }) => name));
  return `Credentials come from ${winner.name}; ${names} ${others.length > 1 ? "are" : "is"} also there and ignored.`;
}

/** Option › variable › profile or key › `default`. Whoever names one group means only that one. */
function resourceGroupsOf(
  key: LoadedKey,
  options: ResolveOptions,
): Pick<Tenant, "resourceGroup" | "resourceGroups"> {
  const asked = options.resourceGroup ?? (options.env.AICORE_RESOURCE_GROUP || undefined);
  const resourceGroup = asked ?? key.resourceGroup ?? "default";
  if (!RESOURCE_GROUP.test(resourceGroup)) {
    throw new ConfigError("resource_group", `Resource group: must match ${RESOURCE_GROUP.source}.`, {
      hint: "`aicore resource-groups list` shows those of the tenant.",
    });
  }
  return {
    resourceGroup,
    ...(asked === undefined && key.resourceGroups ? { resourceGroups: key.resourceGroups } : {}),
  };
}
