import { createHash, randomBytes } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CredentialsError } from "../../errors.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../private-file.ts";
import { KEY_BYTES, seal, unseal } from "./seal.ts";

/**
 * Windows takes 2,560 bytes for one credential (CRED_MAX_CREDENTIAL_BLOB_SIZE); an x509 key has about 8,000. What is
 * longer than this goes sealed into a file, and only the key of the seal into the keychain: on every system, so that
 * there is one way.
 */
export const KEYCHAIN_LIMIT = 2_000;

/** What goes into the keychain: the secret itself, or the 32 bytes that open its envelope. */
export function putIntoEnvelope(stateFolder: string, profile: string, secret: Buffer): Buffer {
  if (secret.length <= KEYCHAIN_LIMIT) return secret;
  const key = randomBytes(KEY_BYTES);
  writePrivateFile(envelopePath(stateFolder, profile, key), seal(key, secret, profile));
  return key;
}

/** The way back. The secret is JSON with two origins in it, so nothing of 32 bytes can be one. */
export function takeFromEnvelope(stateFolder: string, profile: string, stored: Buffer): Buffer {
  if (stored.length !== KEY_BYTES) return stored;
  const path = envelopePath(stateFolder, profile, stored);
  const box = readPrivateFile(path, { secret: true });
  const secret = box && unseal(stored, box, profile);
  if (secret) return secret;
  throw new CredentialsError(
    "envelope_damaged",
    `The sealed service key ${path} is ${box ? "damaged" : "missing"}. Run \`aicore login\` again.`,
  );
}

/** Takes back an envelope whose key did not make it into the keychain. */
export function discardEnvelope(stateFolder: string, profile: string, stored: Buffer): void {
  if (stored.length === KEY_BYTES) removePrivateFile(envelopePath(stateFolder, profile, stored));
}

/** Removes the envelopes of a profile, but for the one that `stored` opens. */
export function removeEnvelopes(stateFolder: string, profile: string, stored?: Buffer): void {
  const folder = join(stateFolder, FOLDER);
  if (!existsSync(folder)) return;
  const kept = stored?.length === KEY_BYTES ? envelopeName(profile, stored) : undefined;
  for (const name of readdirSync(folder)) {
    const owner = /^(.+)-[0-9a-f]{16}\.sealed$/.exec(name)?.[1];
    if (owner === profile && name !== kept) removePrivateFile(join(folder, name));
  }
}

const FOLDER = "secrets";

/** A new key makes a new file: until the keychain has the new key, the old one still opens the old file. */
function envelopeName(profile: string, key: Uint8Array): string {
  return `${profile}-${createHash("sha256").update(key).digest("hex").slice(0, 16)}.sealed`;
}

function envelopePath(stateFolder: string, profile: string, key: Uint8Array): string {
  return join(stateFolder, FOLDER, envelopeName(profile, key));
}
