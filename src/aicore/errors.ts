import type { IncomingHttpHeaders } from "node:http";
import { ApiError, type ErrorType } from "../errors.ts";
import { redact } from "../log.ts";
import { parseErrorBody } from "./error-body.ts";
import { presentable } from "./error-text.ts";
import { hintFor } from "./hints.ts";
import { readRetryAfter, retryAfterOf } from "./retry-after.ts";

const REQUEST_ID_HEADERS = ["x-request-id", "ai-inference-id", "x-amzn-requestid", "apim-request-id"];

/** Throttling that hides behind another status; the words are those of Bedrock, Vertex and SAP (protocol notes, 2026). */
const THROTTLED =
  /too many requests|rate limit|throttl|quota exceeded|too many tokens|please wait before trying again|resource exhausted/i;

/**
 * What an upstream refused, as an error: its status, its words (redacted, HTML cut, at most 500 characters), its
 * `Retry-After` and request id, and a hint of ours. A status below 400, which no error should have, becomes 502.
 */
export function readUpstreamError(
  status: number,
  headers: IncomingHttpHeaders,
  text: string,
  now = Date.now(),
): ApiError {
  if (status < 400) return unexpectedStatus(status);
  const body = parseErrorBody(isPlain(headers) ? text : "");
  const message = presentable(body.message ?? "", status) || withoutWords(status, headers);
  const type = typeOf(status, message);
  const retryAfter = retryAfterOf(headers, now) ?? readRetryAfter(body.retryAfter, now);
  const hint = hintFor(status, message);
  const requestId =
    REQUEST_ID_HEADERS.map((name) => headers[name]).find((id) => typeof id === "string") ?? body.requestId;
  return new ApiError(status, message, {
    origin: "upstream",
    ...(type && { type }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(hint && { hint }),
    ...(requestId && { upstreamRequestId: String(requestId).slice(0, 200) }),
    ...(Object.keys(body.details).length > 0 && { details: safeDetails(body.details) }),
  });
}

/** We ask for `identity`; a host that compresses all the same has sent nothing that can be shown. */
function isPlain(headers: IncomingHttpHeaders): boolean {
  return (headers["content-encoding"] ?? "identity") === "identity";
}

/** Where the plain table of statuses would mislead: a model's failure is not the client's, a throttle is one under any status. */
function typeOf(status: number, message: string): ErrorType | undefined {
  if ([400, 424, 500].includes(status) && THROTTLED.test(message)) return "rate_limit_error";
  return status === 424 ? "api_error" : undefined;
}

/** Bedrock's Converse may answer `{}` and name the error in a header only. */
function withoutWords(status: number, headers: IncomingHttpHeaders): string {
  const kind = headers["x-amzn-errortype"];
  return typeof kind === "string"
    ? `${presentable(kind, status)} (status ${status})`
    : `SAP AI Core answered ${status} without a message.`;
}

function unexpectedStatus(status: number): ApiError {
  const redirect = status >= 300 ? "; redirects are not followed" : "";
  return new ApiError(502, `SAP AI Core answered ${status}, which was not expected${redirect}.`, {
    origin: "upstream",
    reason: "bad_answer",
  });
}

function safeDetails(details: Record<string, string | number>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === "string" ? redact(value).slice(0, 200) : value,
    ]),
  );
}
