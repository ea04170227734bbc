import { hash, randomBytes } from "node:crypto";

/** What every key of `aicore keys create` begins with. */
const MARK = "aic_";
const SHAPE = /^aic_[\w-]{43}$/;
/** As much of a key as is kept readable: enough for people to tell keys apart, 8 random characters. */
const PREFIX = 12;

export interface NewKey {
  /** `key_` and 12 hex digits. */
  id: string;
  /** The key itself, 256 random bits: shown once, kept nowhere. */
  key: string;
  /** Its first characters. */
  prefix: string;
  /** SHA-256 in hex, all that is stored of it: what is so random cannot be found by trying (security T18). */
  digest: string;
}

export function newKey(): NewKey {
  const key = `${MARK}${randomBytes(32).toString("base64url")}`;
  return {
    id: `key_${randomBytes(6).toString("hex")}`,
    key,
    prefix: key.slice(0, PREFIX),
    digest: hash("sha256", key, "hex"),
  };
}

/** Whether a text could be a key of `aicore keys create`. */
export function looksMade(key: string): boolean {
  return SHAPE.test(key);
}
