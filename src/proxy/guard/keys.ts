import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Decides whether a request carries a key that we know. */
export interface KeyRing {
  /** "valid" when any of the four headers holds a known key (Claude Code sends two, clients.md 1.3). */
  check(headers: IncomingHttpHeaders): "valid" | "wrong" | "missing";
}

const LONGEST_KEY = 1_024;

/**
 * Keys are compared as SHA-256 digests, each with all of them and without an early exit, so that time tells
 * neither their length nor which one matched.
 */
export function createKeyRing(keys: readonly string[]): KeyRing {
  const known = keys.filter((key) => key.trim() !== "").map(digest);
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
  const bearer = /^bearer +(.*)$/i.exec(headers.authorization ?? "")?.[1];
  return [bearer, headers["x-api-key"], headers["api-key"], headers["x-goog-api-key"]]
    .flat()
    .filter((key): key is string => typeof key === "string" && key.trim() !== "")
    .map((key) => key.trim().slice(0, LONGEST_KEY + 1));
}

function digest(key: string): Buffer {
  return createHash("sha256").update(key).digest();
}
