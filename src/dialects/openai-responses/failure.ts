import type { ApiError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { readUpstreamError } from "../openai/upstream-error.ts";

/** Codes that this API alone has (OpenAI's reference of the response object's `error`, clients.md 2.5), and SAP's own. */
const STATUSES: ReadonlyMap<Json | undefined, number> = new Map([
  ["server_is_overloaded", 503],
  ["slow_down", 503],
  ["server_error", 500],
  ["BadRequest", 400],
]);

/**
 * The failure that an event or a whole response tells of. Spellings: `response.failed` with an error inside, the
 * public `{"type":"error","code","message"}`, the one seen behind SAP with an object in `error`, and SAP's own
 * `{"error":"BadRequest","message"}` (protocol 4b.4). A `response.failed` with `error: null` has the reason in the
 * `error` event behind it.
 */
export function readFailure(event: JsonObject): ApiError | undefined {
  const { type, error, message = "" } = event;
  const inner = type === "response.failed" && isObject(event.response) ? event.response.error : error;
  if (isObject(inner)) return failureOf(inner);
  if (type === "error") return failureOf({ code: event.code ?? null, message });
  return typeof error === "string" ? failureOf({ code: error, message: message || error }) : undefined;
}

function failureOf(error: JsonObject): ApiError {
  const status = STATUSES.get(error.code) ?? (String(error.code).includes("image") ? 400 : undefined);
  return readUpstreamError(status === undefined ? error : { ...error, status });
}
