/** Where `login` gets a service key from: a file, standard input, the environment, or a person who pastes it. */
import type { ParsedKey } from "../config/key/fields.ts";
import { readKeyFile, readKeyStream } from "../config/key-input.ts";
import { parseServiceKey } from "../config/service-key.ts";
import type { Settings } from "../config/settings.ts";
import { ENVIRONMENT } from "../config/sources/source.ts";
import { listSources, resolveTenant } from "../config/sources.ts";
import { CredentialsError, UsageError } from "../errors.ts";
import { askHiddenJson } from "../terminal/prompt.ts";
import { resolveOptions } from "./tenants.ts";
import type { Context } from "./types.ts";

export interface KeyOptions {
  fromEnv?: boolean;
  allowHost?: string;
}

/** @throws CredentialsError for a key that cannot be read or used; UsageError when there is nothing to read from. */
export async function readKey(
  context: Context,
  settings: Settings,
  file: string | undefined,
  options: KeyOptions,
): Promise<ParsedKey> {
  const allowHosts = options.allowHost ? [options.allowHost] : undefined;
  if (options.fromEnv) {
    if (file !== undefined) throw new UsageError("two_keys", "Give a file or --from-env, not both.");
    return await keyOfEnvironment(context, settings, allowHosts);
  }
  const { text, warnings } = await keyText(context, file);
  const key = parseServiceKey(text, { allowHosts });
  return { ...key, warnings: [...warnings, ...key.warnings] };
}

async function keyText(
  { out }: Context,
  file: string | undefined,
): Promise<{ text: string; warnings: string[] }> {
  if (file === "-") return await readKeyStream(process.stdin);
  if (file !== undefined) return await readKeyFile(file);
  if (out.interactive) {
    return { text: await askHiddenJson("Paste the service key (JSON, it stays hidden): "), warnings: [] };
  }
  throw new UsageError("no_terminal", "No terminal: pipe the key: aicore login - < key.json", {
    hint: "Or name its file: aicore login key.json",
  });
}

/** Variables only: a profile that is stored already is no news. */
async function keyOfEnvironment(
  context: Context,
  settings: Settings,
  allowHosts: string[] | undefined,
): Promise<ParsedKey> {
  const options = { ...resolveOptions(context, settings), profile: undefined, allowHosts };
  const winner = listSources(options).sources.find(({ wins }) => wins);
  if (winner?.profile !== ENVIRONMENT) {
    throw new CredentialsError("no_credentials", "There are no credentials in the environment.", {
      hint: "Set AICORE_SERVICE_KEY, or AICORE_CLIENT_ID and its companions.",
    });
  }
  const { credentials, resourceGroup, warnings } = await resolveTenant(options);
  return { credentials, resourceGroup, warnings };
}
