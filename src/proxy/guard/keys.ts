import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Decides whether a request carries a key that we know. */
export interface KeyRing {
  /**
   * "valid" when any of the four headers holds a known key (Claude Code sends two, clients.md 1.3), "missing" when
   * none is there at all. An empty key is as wrong as any other.
   */
  check(headers: IncomingHttpHeaders): "valid" | "wrong" | "missing";
}

const DIGEST = /^sha256:([0-9a-f]{64})$/i;

/** Whether a key of a list stands there as its digest, `sha256:` and 64 hex digits. */
export function isDigest(key: string): boolean {
  return DIGEST.test(key);
}

/**
 * A ring of keys, each plain or a digest: see `isDigest`. They are compared as SHA-256 digests, each with all of them
 * and without an early exit, so that time tells neither their length nor which one matched.
 */
export function createKeyRing(keys: readonly string[]): KeyRing {
  const known = keys.filter((key) => key.trim() !== "").map((key) => knownDigest(key.trim()));
  const isKnown = (key: string) => {
    const offered = digest(key);
    let found = false;
    for (const each of known) found = timingSafeEqual(each, offered) || found;
    return found;
  };
  return {
    check(headers) {
      const offered = keysIn(headers);
      if (offered.length === 0) return "missing";
      return offered.filter(isKnown).length > 0 ? "valid" : "wrong";
    },
  };
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
  return hex === undefined ? digest(key) : Buffer.from(hex, "hex");
}

function digest(key: string): Buffer {
  return hash("sha256", key, "buffer");
}
