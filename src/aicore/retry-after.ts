import type { IncomingHttpHeaders } from "node:http";

/** Seconds to wait, from `Retry-After: 30` or `Retry-After: <HTTP date>` (RFC 9110, 10.2.3). */
export function readRetryAfter(value: unknown, now = Date.now()): number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value).trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text));
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

/** The same from a header table; SAP's orchestration and its providers also write `x-retry-after`. */
export function retryAfterOf(headers: IncomingHttpHeaders, now?: number): number | undefined {
  return readRetryAfter(headers["retry-after"], now) ?? readRetryAfter(headers["x-retry-after"], now);
}
