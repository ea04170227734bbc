import { hash, randomBytes } from "node:crypto";
import type { KeyRow } from "../database/schema.ts";
import type { KeyRole, Limits } from "./api-key.ts";
import { storedLimits } from "./limits.ts";

/** What every key of `aicore keys create` begins with. */
const MARK = "aic_";
const SHAPE = /^aic_[\w-]{43}$/;
/** As much of a key as is kept readable: enough for people to tell keys apart, 8 random characters. */
const PREFIX = 12;

const LONGEST_NAME = 100;
/** The names of keys that nobody made, and ids: a name must not be taken for one of them. */
const TAKEN = /^(local|environment|settings|one-time|open|key_[0-9a-f]{12})$/;

/** What a new key is to be. */
export interface KeyWish {
  name: string;
  role: KeyRole;
  limits: Limits;
  /** Milliseconds since 1970. */
  expiresAt: number | undefined;
}

/**
 * A new key of 256 random bits: shown once, kept nowhere. Its row has SHA-256 of it alone; what is so random cannot be
 * found by trying, so a slow hash would add nothing (security T18).
 * @param now milliseconds since 1970
 */
export function newKey(
  { name, role, limits, expiresAt }: KeyWish,
  now: number,
): { key: string; row: KeyRow } {
  const key = `${MARK}${randomBytes(32).toString("base64url")}`;
  return {
    key,
    row: {
      id: `key_${randomBytes(6).toString("hex")}`,
      name,
      role,
      prefix: key.slice(0, PREFIX),
      digest: digestOf(key),
      limits: storedLimits(limits),
      created_at: now,
      expires_at: expiresAt ?? null,
      revoked_at: null,
    },
  };
}

/** `KeyRow.digest`. */
export function digestOf(key: string): string {
  return hash("sha256", key, "hex");
}

/** Whether a text could be a key of `aicore keys create`. */
export function looksMade(key: string): boolean {
  return SHAPE.test(key);
}

/** @returns what is wrong with a name for a key, if anything: it stands in messages, tables and figures */
export function nameComplaint(name: string): string | undefined {
  if (TAKEN.test(name)) return "it stands for other keys already";
  const fits = /^[^\p{C}\s-](?:[^\p{C}]*[^\p{C}\s])?$/u.test(name) && name.length <= LONGEST_NAME;
  if (fits) return undefined;
  return `expected 1 to ${LONGEST_NAME} printable characters, without a dash or a space to begin with`;
}
