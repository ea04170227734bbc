import type { Paths } from "../config/paths.ts";
import type { SecretOptions } from "../config/secrets/index.ts";
import type { Context } from "./types.ts";

/** How stored secrets are reached from a command: a person is asked only where one sits, and where `mayAsk`. */
export function secretOptions({ env, out }: Context, paths: Paths, mayAsk = true): SecretOptions {
  const interactive = mayAsk && out.interactive;
  return {
    env,
    paths,
    interactive,
    askPassphrase: interactive ? askPassphrase : undefined,
    onKeychainWait: (notice) => out.say(notice),
  };
}

/** A new passphrase is asked for twice, until both are the same. */
async function askPassphrase({ isNew, profile }: { isNew: boolean; profile: string }): Promise<string> {
  const { askHidden } = await import("../terminal/prompt.ts");
  const passphrase = await askHidden(`${isNew ? "New passphrase" : "Passphrase"} for profile "${profile}": `);
  if (!isNew || passphrase === (await askHidden("The same again: "))) return passphrase;
  process.stderr.write("They differ. Once more.\n");
  return await askPassphrase({ isNew, profile });
}
