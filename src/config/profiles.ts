import { UsageError } from "../errors.ts";
import type { CredentialSource, Credentials } from "./credentials.ts";
import type { Rules } from "./rules.ts";
import type { StorageKind } from "./secrets/index.ts";

/** What the settings know of a sub-account. None of it is secret. */
export interface Profile {
  tokenUrl: string;
  apiUrl: string;
  resourceGroup: string;
  /** All groups whose deployments it serves, when there are more. */
  resourceGroups?: string[];
  storage: StorageKind;
  /** Masked; see `maskClientId`. */
  clientId: string;
  kind: Credentials["secret"]["kind"];
  /** ISO 8601. */
  certificateExpiresAt?: string;
  tenantId?: string;
  /** How much of the traffic it is meant for, against other profiles; default 1. */
  weight?: number;
  /** 1 (default) goes first; a higher number is a backup. */
  priority?: number;
  /** Host suffixes that its user vouched for at login. */
  allowHosts?: string[];
  /** ISO 8601. */
  createdAt: string;
}

export const PROFILE_RULES: Rules<Profile> = {
  tokenUrl: { type: "url", required: true },
  apiUrl: { type: "url", required: true },
  resourceGroup: { type: "string", required: true },
  resourceGroups: { type: "strings" },
  storage: { type: "choice", choices: ["keychain", "file", "plain"], required: true },
  clientId: { type: "string", required: true },
  kind: { type: "choice", choices: ["secret", "certificate"], required: true },
  certificateExpiresAt: { type: "string" },
  tenantId: { type: "string" },
  weight: { type: "integer", minimum: 1, maximum: 1_000 },
  priority: { type: "integer", minimum: 1, maximum: 100 },
  allowHosts: { type: "strings" },
  createdAt: { type: "string", required: true },
};

/** How `status` and `Tenant.source` call the kinds of storage. */
export const STORAGE_SOURCES: Record<StorageKind, CredentialSource> = {
  keychain: "keychain",
  file: "encrypted file",
  plain: "plain file",
};

/** The profile that is written, and read, when nobody names one. */
export const DEFAULT_PROFILE = "default";

const PROFILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function isProfileName(name: string): boolean {
  return PROFILE_NAME.test(name);
}

/** @throws UsageError for a name that could not be a file's or would not fit a table */
export function checkProfileName(name: string): string {
  if (isProfileName(name)) return name;
  throw new UsageError("profile_name", `A profile name must match ${PROFILE_NAME.source}.`, {
    hint: "Use letters, digits, dots, underscores and dashes: aicore --profile my-team login key.json",
  });
}

/** The profile that these credentials make at login. */
export function profileOf(
  credentials: Credentials,
  choices: { resourceGroup: string; storage: StorageKind; allowHosts?: string[] | undefined },
): Profile {
  const { clientId, tokenUrl, apiUrl, secret, tenantId } = credentials;
  return {
    tokenUrl,
    apiUrl,
    resourceGroup: choices.resourceGroup,
    storage: choices.storage,
    clientId: maskClientId(clientId),
    kind: secret.kind,
    ...(secret.kind === "certificate" ? { certificateExpiresAt: secret.expiresAt.toISOString() } : {}),
    ...(tenantId ? { tenantId } : {}),
    ...(choices.allowHosts?.length ? { allowHosts: choices.allowHosts } : {}),
    createdAt: new Date().toISOString(),
  };
}

/** Enough of a client id to tell two apart: `sb-0c1d…4f2a!b123|aicore!b540` → `sb-…4f2a!b123`. */
export function maskClientId(clientId: string): string {
  const [name = "", instance] = clientId.split("|", 1)[0]?.split("!") ?? [];
  const end = name.length >= 12 ? name.slice(-4) : "";
  return `${name.startsWith("sb-") ? "sb-" : ""}…${end}${instance ? `!${instance}` : ""}`;
}
