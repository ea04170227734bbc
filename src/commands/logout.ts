/** `aicore logout`: forgets a profile and its secret. */
import { pathsFor } from "../config/paths.ts";
import { checkProfileName } from "../config/profiles.ts";
import { removeSecret } from "../config/secrets/index.ts";
import { loadSettings, type Settings } from "../config/settings.ts";
import { CredentialsError, UsageError } from "../errors.ts";
import { secretOptions } from "./secrets.ts";
import type { Context } from "./types.ts";

export async function run(context: Context, _args: string[], options: { all?: boolean }): Promise<undefined> {
  const { env, globals, out } = context;
  if (options.all && globals.profile !== undefined) {
    throw new UsageError("two_choices", "Give --all or --profile, not both.");
  }
  const settings = loadSettings(env);
  const names = options.all ? settings.profileNames : [chosen(settings, globals.profile)];
  const secrets = secretOptions(context, pathsFor(env));
  for (const name of names) {
    const profile = settings.profile(name);
    if (profile) await removeSecret(name, profile.storage, secrets);
    await settings.removeProfile(name);
  }
  if (out.json) out.document({ removed: names });
  else out.prose(names.length > 0 ? `Forgotten: ${names.join(", ")}.` : "There was no profile to forget.");
  return undefined;
}

function chosen(settings: Settings, asked: string | undefined): string {
  const name = asked === undefined ? settings.currentProfile : checkProfileName(asked);
  if (name !== undefined && settings.profile(name)) return name;
  const what = name === undefined ? "You are not logged in." : `There is no profile "${name}".`;
  throw new CredentialsError("profile_missing", what, { hint: "aicore login key.json" });
}
