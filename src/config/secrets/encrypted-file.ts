import { randomBytes, scrypt } from "node:crypto";
import { CredentialsError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { KEY_BYTES, seal, unseal } from "./seal.ts";

/** An entry of `credentials.enc.json`: the header is plain, authenticated, and says how the key is derived. */
const HEADER = { v: 1, kdf: "scrypt", n: 2 ** 17, r: 8, p: 1 } as const;
/** scrypt takes 128·n·r bytes: 128 MB here, and 0.4 s (measured 2026-11). */
const MEMORY = 160 * 1024 * 1024;
const SALT_BYTES = 16;

export async function encryptEntry(secret: Buffer, profile: string, passphrase: string): Promise<JsonObject> {
  const header = { ...HEADER, profile, salt: randomBytes(SALT_BYTES).toString("base64") };
  const key = await deriveKey(passphrase, header.salt);
  return { header, box: seal(key, secret, JSON.stringify(header)).toString("base64") };
}

/**
 * `passphrase` is asked for after the entry was seen to be one.
 * @throws CredentialsError for a wrong passphrase or a changed byte: they cannot be told apart
 */
export async function decryptEntry(
  entry: Json,
  profile: string,
  passphrase: () => Promise<string>,
): Promise<Buffer> {
  const header = isObject(entry) && isObject(entry.header) ? entry.header : {};
  const { salt } = header;
  const usable = Object.entries({ ...HEADER, profile }).every(([name, value]) => header[name] === value);
  if (!isObject(entry) || typeof entry.box !== "string" || typeof salt !== "string" || !usable) throw wrong();
  const key = await deriveKey(await passphrase(), salt);
  const secret = unseal(key, Buffer.from(entry.box, "base64"), JSON.stringify(header));
  if (!secret) throw wrong();
  return secret;
}

function deriveKey(passphrase: string, salt: string): Promise<Buffer> {
  const { n, r, p } = HEADER;
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, key: Buffer) => (error ? reject(error) : resolve(key));
    scrypt(
      passphrase.normalize("NFC"),
      Buffer.from(salt, "base64"),
      KEY_BYTES,
      { N: n, r, p, maxmem: MEMORY },
      done,
    );
  });
}

function wrong(): CredentialsError {
  return new CredentialsError(
    "passphrase_wrong",
    "Wrong passphrase for the credential file (or the file is damaged).",
  );
}
