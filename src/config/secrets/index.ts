import { join } from "node:path";
import { CredentialsError } from "../../errors.ts";
import type { Credentials } from "../credentials.ts";
import type { Paths } from "../paths.ts";
import { decodeSecret, encodeSecret, type SecretBinding } from "./blob.ts";
import { decryptEntry, encryptEntry } from "./encrypted-file.ts";
import { discardEnvelope, putIntoEnvelope, removeEnvelopes, takeFromEnvelope } from "./envelope.ts";
import { deleteFromKeychain, readKeychain, writeKeychain } from "./keychain.ts";
import { type AskPassphrase, passphraseFor } from "./passphrase.ts";
import { readEntry, removeEntry, writeEntry } from "./secret-file.ts";

/** Where the secret of a profile is kept: the system's keychain, a file under a passphrase, or a plain file. */
export type StorageKind = "keychain" | "file" | "plain";

export interface SecretOptions {
  env: NodeJS.ProcessEnv;
  paths: Paths;
  /** Whether a person can be asked and can answer a dialog. */
  interactive: boolean;
  askPassphrase?: AskPassphrase | undefined;
  /** Gets a sentence to show while the keychain may be waiting for its dialog. */
  onKeychainWait?: ((notice: string) => void) | undefined;
}

/** One kind of storage, by profile name. It takes and gives bytes; what they mean is `blob.ts`'s. */
interface Storage {
  save(profile: string, secret: Buffer): Promise<void>;
  /** undefined: nothing is kept under that name. */
  load(profile: string): Promise<Buffer | undefined>;
  remove(profile: string): Promise<void>;
}

/** Nothing falls back: a kind of storage that fails throws, and the caller's user chooses another one. */
export async function saveSecret(
  profile: string,
  kind: StorageKind,
  credentials: Credentials,
  options: SecretOptions,
): Promise<void> {
  await STORAGES[kind](options).save(profile, encodeSecret(credentials));
}

/**
 * The credentials of a profile, once its settings have proven to mean the hosts that the secret was saved for.
 * @throws KeychainError when the keychain cannot be used; CredentialsError when there is no secret, it may not be
 * used, or it does not belong to `binding`
 */
export async function loadSecret(
  profile: string,
  kind: StorageKind,
  binding: SecretBinding,
  options: SecretOptions,
): Promise<Credentials> {
  const secret = await STORAGES[kind](options).load(profile);
  if (secret !== undefined) return decodeSecret(secret, binding);
  throw missing(profile, kind);
}

function missing(profile: string, kind: StorageKind): CredentialsError {
  return new CredentialsError(
    "secret_missing",
    `The secret of profile "${profile}" is no longer in ${PLACES[kind]}. Run \`aicore login\` again.`,
  );
}

/**
 * Puts the secret of a profile under another name too; the first one keeps it.
 * @throws KeychainError when the keychain cannot be used; CredentialsError when there is no secret or it cannot be read
 */
export async function copySecret(
  from: string,
  to: string,
  kind: StorageKind,
  options: SecretOptions,
): Promise<void> {
  const storage = STORAGES[kind](options);
  const secret = await storage.load(from);
  if (secret === undefined) throw missing(from, kind);
  await storage.save(to, secret);
}

/** Removing what is not there is no error. */
export async function removeSecret(
  profile: string,
  kind: StorageKind,
  options: SecretOptions,
): Promise<void> {
  await STORAGES[kind](options).remove(profile);
}

/** The file that `--insecure-storage` writes. */
export function plainFilePath(paths: Paths): string {
  return join(paths.config, "credentials.json");
}

export function plainFileWarning(paths: Paths): string {
  return (
    `credentials are saved UNENCRYPTED in ${plainFilePath(paths)} (mode 0600). Anyone who can read your files or ` +
    "backups can use them. Remove with `aicore logout`."
  );
}

const PLACES: Record<StorageKind, string> = {
  keychain: "the system keychain",
  file: "the encrypted credential file",
  plain: "the plain credential file",
};

const STORAGES: Record<StorageKind, (options: SecretOptions) => Storage> = {
  keychain: keychainStorage,
  file: encryptedStorage,
  plain: plainStorage,
};

function keychainStorage({ env, paths, interactive, onKeychainWait }: SecretOptions): Storage {
  const options = { env, interactive, onWait: onKeychainWait };
  return {
    async save(profile, secret) {
      const stored = putIntoEnvelope(paths.state, profile, secret);
      try {
        await writeKeychain(profile, stored, options);
      } catch (error) {
        discardEnvelope(paths.state, profile, stored);
        throw error;
      }
      removeEnvelopes(paths.state, profile, stored);
    },
    async load(profile) {
      const stored = await readKeychain(profile, options);
      return stored && takeFromEnvelope(paths.state, profile, stored);
    },
    async remove(profile) {
      await deleteFromKeychain(profile, options);
      removeEnvelopes(paths.state, profile);
    },
  };
}

function encryptedStorage({ env, paths, askPassphrase }: SecretOptions): Storage {
  const path = join(paths.config, "credentials.enc.json");
  return {
    async save(profile, secret) {
      const passphrase = await passphraseFor({ isNew: true, profile }, env, askPassphrase);
      writeEntry(path, profile, await encryptEntry(secret, profile, passphrase));
    },
    async load(profile) {
      const entry = readEntry(path, profile);
      if (entry === undefined) return undefined;
      return await decryptEntry(entry, profile, () =>
        passphraseFor({ isNew: false, profile }, env, askPassphrase),
      );
    },
    async remove(profile) {
      removeEntry(path, profile);
    },
  };
}

function plainStorage({ paths }: SecretOptions): Storage {
  const path = plainFilePath(paths);
  return {
    async save(profile, secret) {
      writeEntry(path, profile, JSON.parse(secret.toString("utf8")));
    },
    async load(profile) {
      const entry = readEntry(path, profile);
      return entry === undefined ? undefined : Buffer.from(JSON.stringify(entry));
    },
    async remove(profile) {
      removeEntry(path, profile);
    },
  };
}
