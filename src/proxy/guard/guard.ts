import type { IncomingMessage } from "node:http";
import { ApiError } from "../../errors.ts";
import { NO_KEY } from "../../keys/accepted.ts";
import type { ApiKey } from "../../keys/api-key.ts";
import type { Addresses } from "./addresses.ts";
import type { KeyRing } from "./keys.ts";
import type { FailureLimiter } from "./limiter.ts";

export interface GuardOptions {
  addresses: Addresses;
  /** undefined: `--no-auth`, which skips the key alone. */
  keys: KeyRing | undefined;
  limiter: FailureLimiter;
}

/**
 * Lets a request in or throws. It looks at the raw request, before any routing, so that no route can be reached
 * around it (security T1–T3, T7, T15). Order: what a browser may not do, then the key.
 * @returns whose key it was; `NO_KEY` where none is asked for
 * @throws ApiError 400, 401, 403, 429 or 503.
 */
export function admit(request: IncomingMessage, isOpen: boolean, options: GuardOptions): ApiKey {
  checkProtocol(request);
  checkTarget(request.url ?? "");
  checkHost(request, options.addresses);
  checkBrowser(request, options.addresses);
  if (isOpen || !options.keys) return NO_KEY;
  return checkKey(request, options.keys, options.limiter);
}

/** HTTP/1.0 has no chunked answers to stream with, and need not name a host. */
function checkProtocol(request: IncomingMessage): void {
  if (request.httpVersion === "1.1") return;
  throw new ApiError(400, "HTTP/1.1 is required.");
}

/**
 * Only plain paths reach the router: nothing encoded that a router could read as a separator, no dot segments,
 * and no absolute form, whose authority would compete with the Host header.
 */
function checkTarget(url: string): void {
  const path = url.split("?", 1)[0] ?? "";
  const plain = path.startsWith("/") && !/%(2f|5c|2e|00)|\\|\/\/|\/\.{1,2}(\/|$)|[^\x21-\x7e]/i.test(path);
  if (!plain) throw new ApiError(400, "The request path is not valid.");
}

function checkHost(request: IncomingMessage, addresses: Addresses): void {
  const host = request.headers.host ?? "";
  if (countHosts(request.rawHeaders) === 1 && addresses.allowsHost(host)) return;
  throw new ApiError(403, `Host header '${printable(host)}' is not allowed.`, {
    hint: "Call the proxy by the URL that it printed, such as http://127.0.0.1:6655.",
  });
}

/** Names and values take turns in the list. */
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? "";
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts;
}

/** Browsers say where a call comes from; a page of another origin has no business here, key or not. */
function checkBrowser(request: IncomingMessage, addresses: Addresses): void {
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  if (origin !== undefined && !addresses.allowsOrigin(origin)) {
    throw new ApiError(403, `Origin '${printable(origin)}' is not allowed.`);
  }
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    throw new ApiError(403, "Calls from web pages are not allowed.");
  }
  if (request.method === "OPTIONS") throw new ApiError(403, "Cross-origin requests are not allowed.");
}

/** The same answer for every wrong key: it tells nothing about which are known. */
function checkKey(request: IncomingMessage, keys: KeyRing, limiter: FailureLimiter): ApiKey {
  const verdict = keys.check(request.headers);
  if (typeof verdict === "object") return verdict;
  if (verdict === "missing") {
    throw new ApiError(401, "Missing API key: send it as 'Authorization: Bearer …' or 'x-api-key'.", {
      hint: "`aicore env` prints the key of a running proxy.",
    });
  }
  if (verdict === "unsure") {
    throw new ApiError(503, "API keys cannot be checked now: their database does not answer.", {
      retryAfter: 1,
      reason: "keys_unavailable",
    });
  }
  const wait = limiter.fail(request.socket.remoteAddress ?? "");
  if (wait !== undefined) {
    throw new ApiError(429, "Too many wrong API keys; wait a minute.", { retryAfter: wait });
  }
  throw new ApiError(401, "Invalid API key.", { hint: "`aicore env` prints the key of a running proxy." });
}

function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, "?").slice(0, 100);
}
