/** What Bedrock's streams have that Anthropic's have not: knowledge only, the bytes are stream/'s business. */
import { type ErrorType, errorTypeOf } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { StreamError } from "../types.ts";

/** Beside `message_stop` Bedrock tells its own measurements; strict clients refuse the extra member (protocol.md 4a.7, 7.3 #48). */
const METRICS = "amazon-bedrock-invocationMetrics";

/** The event as Anthropic would send it. */
export function cleanEvent(event: JsonObject): JsonObject {
  const clean = withMember(event, METRICS, undefined);
  if (!isObject(clean.delta)) return clean;
  return withMember(clean, "delta", cleanAnswer(clean.delta));
}

/** The whole message, or what `message_delta` tells of it, with a stop reason that Anthropic's clients know. */
export function cleanAnswer(message: JsonObject): JsonObject {
  if (typeof message.stop_reason !== "string") return message;
  return withMember(message, "stop_reason", stopReason(message.stop_reason));
}

const STOP_REASONS: ReadonlyMap<string, string> = new Map([
  ...["end_turn", "max_tokens", "stop_sequence", "tool_use", "pause_turn", "refusal"].map(
    (known) => [known, known] as const,
  ),
  ["guardrail_intervened", "refusal"],
  ["content_filtered", "refusal"],
  ["model_context_window_exceeded", "max_tokens"],
]);

/** Bedrock's stop reason as one of Anthropic's; `malformed_…` and other news end the turn (protocol.md 7.3 #51, inferred). */
export function stopReason(reason: string): string {
  return STOP_REASONS.get(reason) ?? "end_turn";
}

/** HTTP statuses of Bedrock's exceptions (AWS's InvokeModelWithResponseStream reference), the letters after the first in their case. */
const EXCEPTIONS: ReadonlyMap<string, number> = new Map([
  ["throttlingException", 429],
  ["serviceQuotaExceededException", 429],
  ["modelNotReadyException", 429],
  ["serviceUnavailableException", 503],
  ["internalServerException", 500],
  ["modelStreamErrorException", 500],
  ["modelErrorException", 500],
  ["modelTimeoutException", 504],
  ["validationException", 400],
  ["accessDeniedException", 403],
  ["resourceNotFoundException", 404],
]);

/** Statuses of the error types that Anthropic publishes. */
const STATUSES: Readonly<Record<ErrorType, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
  api_error: 500,
};

/**
 * The failure that an event tells of, after a 200 was sent; undefined for every other event. Three spellings
 * (protocol.md 4a.7): Anthropic's `{"type":"error","error":{…}}`, the same with a bare `"message":
 * "ThrottlingException: …"`, and Bedrock's `{"throttlingException":{"message":…}}`.
 */
export function readStreamError(event: JsonObject): StreamError | undefined {
  if (event.type === "error")
    return isObject(event.error) ? anthropicError(event.error) : namedInText(event.message);
  if (event.type !== undefined) return undefined;
  const [name, detail] = Object.entries(event).find(([key]) => key.endsWith("Exception")) ?? [];
  return name === undefined ? undefined : exception(name, messageOf(detail) ?? name);
}

function anthropicError({ type, message }: JsonObject): StreamError {
  const known = typeof type === "string" && Object.hasOwn(STATUSES, type) ? (type as ErrorType) : "api_error";
  return { type: known, message: typeof message === "string" ? message : known, status: STATUSES[known] };
}

function namedInText(message: Json | undefined): StreamError {
  const text = typeof message === "string" ? message : "The model's host reported an error.";
  const [, name, rest] = text.match(/^(\w+Exception):\s*(.*)$/s) ?? [];
  return name === undefined ? exception("", text) : exception(name, rest || name);
}

function exception(name: string, message: string): StreamError {
  const status = EXCEPTIONS.get(name.charAt(0).toLowerCase() + name.slice(1)) ?? 500;
  return { type: errorTypeOf(status), message, status };
}

function messageOf(detail: Json | undefined): string | undefined {
  if (typeof detail === "string") return detail;
  return isObject(detail) && typeof detail.message === "string" ? detail.message : undefined;
}
