import type { CredentialSource } from "../credentials.ts";
import type { ParsedKey } from "../key/fields.ts";
import type { SecretOptions } from "../secrets/index.ts";
import type { Settings } from "../settings.ts";

/** What a source may look at. */
interface SourceContext {
  env: NodeJS.ProcessEnv;
  settings: Settings;
  secrets: SecretOptions;
  /** The profile that the user asked for by name. */
  profile: string | undefined;
  allowHosts: readonly string[] | undefined;
  /** Takes a sentence for stderr. */
  warn(sentence: string): void;
}

export interface LoadedKey extends ParsedKey {
  /** All groups of a profile that serves more than one. */
  resourceGroups?: string[] | undefined;
}

/** A place where credentials are. Finding it reads no secret and asks nobody; `load` may do both. */
export interface FoundSource {
  source: CredentialSource;
  /** As a sentence names it: a variable, `profile "x"`, a path. */
  name: string;
  /** The name of our profile, or "environment". */
  profile: string;
  /** Masked; where it is known without the secret. */
  clientId?: string;
  load(): Promise<LoadedKey>;
}

/** Looks for one kind of source; undefined where there is none. */
export type FindSource = (context: SourceContext) => FoundSource | undefined;

/** `Tenant.profile` of credentials that come from no profile of ours. */
export const ENVIRONMENT = "environment";
