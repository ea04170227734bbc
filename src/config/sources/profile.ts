import { CredentialsError } from "../../errors.ts";
import { expiryWarning } from "../key/certificate.ts";
import { checkProfileName, type Profile, STORAGE_SOURCES } from "../profiles.ts";
import { nearest } from "../rules.ts";
import { loadSecret, plainFileWarning, type SecretOptions } from "../secrets/index.ts";
import type { FindSource, FoundSource, LoadedKey } from "./source.ts";

/**
 * The profile that the user asked for.
 * @throws UsageError for what is no profile name; CredentialsError for a profile that does not exist
 */
export const findNamedProfile: FindSource = (context) => {
  const { settings, secrets } = context;
  if (context.profile === undefined) return undefined;
  const name = checkProfileName(context.profile);
  const profile = settings.profile(name);
  if (profile) return foundProfile(name, profile, secrets);
  throw noProfile(name, settings.profileNames);
};

/** The profile of the last login, or of `profiles use`. */
export const findCurrentProfile: FindSource = (context) => {
  const name = context.settings.currentProfile;
  if (context.profile !== undefined || name === undefined) return undefined;
  const profile = context.settings.profile(name);
  if (profile) return foundProfile(name, profile, context.secrets);
  context.warn(
    `The current profile "${name}" does not exist; choose another one with \`aicore profiles use\`.`,
  );
  return undefined;
};

function foundProfile(name: string, profile: Profile, secrets: SecretOptions): FoundSource {
  return {
    source: STORAGE_SOURCES[profile.storage],
    name: `profile "${name}"`,
    profile: name,
    clientId: profile.clientId,
    load: () => loadProfile(name, profile, secrets),
  };
}

async function loadProfile(name: string, profile: Profile, secrets: SecretOptions): Promise<LoadedKey> {
  const { storage, tokenUrl, apiUrl, tenantId, resourceGroup, resourceGroups } = profile;
  const credentials = await loadSecret(name, storage, { tokenUrl, apiUrl, tenantId }, secrets);
  const { secret } = credentials;
  const warnings = [
    storage === "plain" ? plainFileWarning(secrets.paths) : undefined,
    secret.kind === "certificate" ? expiryWarning(secret.expiresAt) : undefined,
  ];
  return {
    credentials,
    resourceGroup,
    resourceGroups,
    warnings: warnings.filter((text) => text !== undefined),
  };
}

function noProfile(name: string, known: string[]): CredentialsError {
  const meant = nearest(name, known);
  return new CredentialsError("profile_missing", `There is no profile "${name}".`, {
    hint: meant
      ? `Did you mean ${meant}?`
      : known.length > 0
        ? `Profiles are: ${known.join(", ")}.`
        : `Run \`aicore --profile ${name} login key.json\`.`,
  });
}
