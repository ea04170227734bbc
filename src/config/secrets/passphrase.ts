import { readFileSync } from "node:fs";
import { CredentialsError } from "../../errors.ts";

/** Asks a person; `isNew` when a passphrase is chosen and should be asked for twice. */
export type AskPassphrase = (request: { isNew: boolean; profile: string }) => Promise<string>;

/**
 * The passphrase of the credential file: from the file that `AICORE_PASSPHRASE_FILE` names (its first line), else from
 * a person. Never from an argument or a variable, where other processes can read it.
 * @throws CredentialsError when there is neither, or it is empty
 */
export async function passphraseFor(
  request: { isNew: boolean; profile: string },
  env: NodeJS.ProcessEnv,
  ask: AskPassphrase | undefined,
): Promise<string> {
  const path = env.AICORE_PASSPHRASE_FILE;
  if (!path && !ask) {
    throw new CredentialsError(
      "passphrase_missing",
      "The credential file needs a passphrase, and nobody can be asked.",
      {
        hint: "Set AICORE_PASSPHRASE_FILE to a file that holds it, or use AICORE_SERVICE_KEY instead of a profile.",
      },
    );
  }
  const passphrase = path ? firstLine(path) : await ask?.(request);
  if (passphrase) return passphrase;
  throw new CredentialsError(
    "passphrase_missing",
    `${path ? `${path} (AICORE_PASSPHRASE_FILE)` : "The passphrase"} is empty.`,
  );
}

function firstLine(path: string): string {
  try {
    return readFileSync(path, "utf8").split(/\r?\n/, 1)[0] ?? "";
  } catch (cause) {
    throw new CredentialsError("passphrase_missing", `Cannot read ${path} (AICORE_PASSPHRASE_FILE).`, {
      cause,
    });
  }
}
