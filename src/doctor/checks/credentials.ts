/** Where credentials come from, and whether they can be read. Nothing secret is told. */
import type { Tenant } from "../../config/credentials.ts";
import { expiryWarning } from "../../config/key/certificate.ts";
import { maskClientId } from "../../config/profiles.ts";
import { plainFilePath, plainFileWarning } from "../../config/secrets/index.ts";
import { readKeychain } from "../../config/secrets/keychain.ts";
import type { SourceListing } from "../../config/sources.ts";
import { CredentialsError, KeychainError } from "../../errors.ts";
import { type Check, failureFrom, type Outcome, ok, summed, warn } from "../check.ts";
import type { Facts } from "../facts.ts";

const LOG_IN =
  "In the BTP cockpit open your SAP AI Core instance (plan `extended`), create a service key, save it as key.json and run `aicore login key.json`. No account yet: `aicore demo`.";
const LOG_IN_AGAIN =
  "Copy the whole service key from the BTP cockpit (or create a new one) and run `aicore login key.json`.";
const ONE_SOURCE =
  "Fields of two sources are never mixed. Remove what you do not use, or name a profile with --profile.";

export const CREDENTIALS: readonly Check[] = [
  {
    id: "credential-source",
    title: "Credential source",
    needs: ["settings"],
    fix: LOG_IN,
    run: sourceOutcome,
  },
  { id: "keychain", title: "Keychain", needs: ["settings"], fix: LOG_IN_AGAIN, run: keychainOutcome },
  {
    id: "credentials",
    title: "Credentials",
    needs: ["credential-source", "keychain"],
    fix: LOG_IN_AGAIN,
    run: credentialsOutcome,
  },
];

/** No source at all throws in `tenant`, with the same words as every command. */
async function sourceOutcome(facts: Facts): Promise<Outcome> {
  const { sources, warnings } = facts.sources();
  const [winner, ...others] = sources;
  if (winner === undefined) return ok((await facts.tenant()).source);
  const findings = warnings.map((text) => warn(text, "Set it to something, or unset it."));
  if (others.length > 0) {
    const names = others.map(shown).join(", ");
    findings.push(warn(`Credentials come from ${shown(winner)}; ignored: ${names}.`, ONE_SOURCE));
  }
  return summed(findings, ok(shown(winner)));
}

function shown({ name, source, clientId }: SourceListing): string {
  const where = name === source ? name : `${name} (${source})`;
  return clientId ? `${where}, client ${clientId}` : where;
}

/** A secret that is there is read; otherwise asking for a name that no profile can have tells whether there is a keychain. */
async function keychainOutcome(facts: Facts): Promise<Outcome> {
  const winner = winnerOf(facts);
  if (winner?.source === "keychain") {
    await facts.tenant().catch((error: unknown) => {
      if (isAboutKeychain(error)) throw error;
    });
    return ok(`the secret of ${winner.name} is there`);
  }
  if (winner) return ok(`not needed: the credentials come from ${winner.name}`);
  try {
    await readKeychain(NOBODY, { env: facts.given.env, interactive: false });
    return ok("available");
  } catch (error) {
    if (!(error instanceof KeychainError)) throw error;
    return { ...failureFrom(error), status: "warn" };
  }
}

const NOBODY = "(doctor)";

/** Whatever else is wrong with the credentials is told by their own check. */
function isAboutKeychain(error: unknown): boolean {
  return (
    error instanceof KeychainError || (error instanceof CredentialsError && error.code === "secret_missing")
  );
}

/** A profile that does not exist is the business of the check of the sources. */
function winnerOf(facts: Facts): SourceListing | undefined {
  try {
    return facts.sources().sources[0];
  } catch {
    return undefined;
  }
}

async function credentialsOutcome(facts: Facts): Promise<Outcome> {
  const tenant = await facts.tenant();
  const { clientId, apiUrl, secret } = tenant.credentials;
  const known = new Set(facts.sources().warnings);
  const told = tenant.warnings.filter((text) => !known.has(text) && !/ and ignored\.$/.test(text));
  const until =
    secret.kind === "certificate" ? `, certificate until ${secret.expiresAt.toISOString().slice(0, 10)}` : "";
  return summed(
    told.map((text) => judged(text, tenant, facts)),
    ok(
      `${tenant.profile} (${tenant.source}), client ${maskClientId(clientId)} at ${new URL(apiUrl).host}${until}`,
    ),
  );
}

/** A warning that every command gives, with what to do about it. */
function judged(text: string, { credentials: { secret } }: Tenant, facts: Facts): Outcome {
  const paths = facts.paths();
  if (text === plainFileWarning(paths)) {
    return warn(
      `The secret lies UNENCRYPTED in ${plainFilePath(paths)}.`,
      "Where there is a keychain, `aicore login` puts it there; `--storage file` encrypts it.",
    );
  }
  const expires = secret.kind === "certificate" && text === expiryWarning(secret.expiresAt);
  return warn(
    text,
    expires ? "Run `aicore login` with the new key." : "Correct it where the credentials are set.",
  );
}
