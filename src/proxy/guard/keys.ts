import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { AcceptedKey, ApiKey } from "../../keys/api-key.ts";
import { looksMade } from "../../keys/new-key.ts";

/** Decides whether a request carries a key that we know, and which. */
export interface KeyRing {
  /** How many keys there are. */
  readonly size: number;
  /**
   * The known key that any of the four headers holds (Claude Code sends two, clients.md 1.3); "missing" when none is
   * there at all; "unsure" when one could be of those that cannot be known now. An empty key is as wrong as any other,
   * and so is one that has expired.
   */
  check(headers: IncomingHttpHeaders): ApiKey | "wrong" | "missing" | "unsure";
}

export interface KeyRingOptions {
  /** The keys of the database are not among them, for it cannot be asked. */
  incomplete?: boolean;
  now?: () => number;
}

/** Beside `authorization`. Node joins the values of one that comes twice. */
const KEY_HEADERS = ["x-api-key", "api-key", "x-goog-api-key"];
const DIGEST = /^sha256:([0-9a-f]{64})$/i;
/** The id of a key that was made here, of 256 random bits. */
const MADE_ID = /^key_/;

/** Whether a key of a list stands there as its digest, `sha256:` and 64 hex digits. */
export function isDigest(key: string): boolean {
  return DIGEST.test(key);
}

/**
 * A ring of keys, each plain or a digest: see `isDigest`. They are compared as SHA-256 digests, each with all of them
 * and without an early exit, so that time tells neither their length nor which one matched. Keys of the database may be
 * thousands and are looked up instead: whatever time a look-up takes tells at most about digests, and from the digest of
 * a key of 32 random bytes nothing leads back to the key. People choose the others, and those can be guessed at.
 */
export function createKeyRing(
  keys: readonly AcceptedKey[],
  { incomplete = false, now = Date.now }: KeyRingOptions = {},
): KeyRing {
  const known = keys
    .filter(({ secret }) => secret.trim() !== "")
    .map((key) => ({ key: key as ApiKey, digest: knownDigest(key.secret.trim()) }));
  const chosen = known.filter(({ key }) => !MADE_ID.test(key.id));
  const made = new Map(
    known
      .filter(({ key }) => MADE_ID.test(key.id))
      .map(({ key, digest: of }) => [of.toString("latin1"), key]),
  );
  const find = (offered: string): ApiKey | undefined => {
    const text = digestOf(offered);
    const digest = Buffer.from(text, "latin1");
    let found = made.get(text);
    for (const each of chosen) if (timingSafeEqual(each.digest, digest)) found = each.key;
    return found && isExpired(found, now) ? undefined : found;
  };
  return {
    size: known.length,
    check(headers) {
      const offered = keysIn(headers);
      if (offered.length === 0) return "missing";
      let found: ApiKey | undefined;
      for (const key of offered) found ??= find(key);
      return found ?? (incomplete && offered.some(looksMade) ? "unsure" : "wrong");
    },
  };
}

function isExpired({ expiresAt }: ApiKey, now: () => number): boolean {
  return expiresAt !== undefined && expiresAt <= now();
}

/** What the headers hold in the four spellings of OpenAI, Anthropic, Azure and Google clients. */
function keysIn(headers: IncomingHttpHeaders): string[] {
  const { authorization } = headers;
  const keys = authorization === undefined ? [] : [(/^bearer +(.*)$/i.exec(authorization)?.[1] ?? "").trim()];
  for (const name of KEY_HEADERS) {
    const held = headers[name];
    if (typeof held === "string") keys.push(held.trim());
  }
  return keys;
}

function knownDigest(key: string): Buffer {
  const [, hex] = DIGEST.exec(key) ?? [];
  return hex === undefined ? Buffer.from(digestOf(key), "latin1") : Buffer.from(hex, "hex");
}

/** As text of one byte a character: Node makes it in a third of the time of a buffer (Node 20, 2026-11). */
function digestOf(key: string): string {
  return hash("sha256", key, "binary");
}
