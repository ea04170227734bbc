import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { AcceptedKey, ApiKey } from "../../keys/api-key.ts";
import { looksMade } from "../../keys/new-key.ts";

/** Decides whether a request carries a key that we know, and which. */
export interface KeyRing {
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
    const digest = digestOf(offered);
    let found = made.get(digest.toString("latin1"));
    for (const each of chosen) if (timingSafeEqual(each.digest, digest)) found = each.key;
    return found && isExpired(found, now) ? undefined : found;
  };
  return {
    check(headers) {
      const offered = keysIn(headers);
      if (offered.length === 0) return "missing";
      const [found] = offered.map(find).filter((key) => key !== undefined);
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
  const bearer = authorization === undefined ? undefined : (/^bearer +(.*)$/i.exec(authorization)?.[1] ?? "");
  return [bearer, headers["x-api-key"], headers["api-key"], headers["x-goog-api-key"]]
    .flat()
    .filter((key) => key !== undefined)
    .map((key) => key.trim());
}

function knownDigest(key: string): Buffer {
  const [, hex] = DIGEST.exec(key) ?? [];
  return hex === undefined ? digestOf(key) : Buffer.from(hex, "hex");
}

function digestOf(key: string): Buffer {
  return hash("sha256", key, "buffer");
}
