/** What Responses streams behind SAP have that OpenAI's have not, and how they tell of a failure (protocol 4b.4). */
import { isObject, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import { readErrorObject } from "../openai-compatible/chat-stream.ts";
import type { StreamError } from "../types.ts";

/**
 * An event without Azure's verdicts. `obfuscation` stays: it is part of the public API, and
 * hides the length of each delta from whoever watches the wire. A `response.failed` without a reason is not passed on:
 * the `error` event behind it has the reason.
 */
export function cleanResponsesEvent(event: JsonObject): JsonObject | undefined {
  const { type, response } = event;
  if (!isObject(response)) return event;
  if (type === "response.failed" && !isObject(response.error)) return undefined;
  return withMember(event, "response", cleanResponse(response));
}

export function cleanResponse(response: JsonObject): JsonObject {
  return withMember(response, "content_filters", undefined);
}

/**
 * Three spellings: `response.failed` with an error, the public `{"type":"error","code":…,"message":…}`, and the one
 * that was seen live behind SAP when it throttles: `response.failed` with `error: null`, then an `error` event with an
 * object in it (ROUTER, 2026).
 */
export function readResponsesStreamError(event: JsonObject): StreamError | undefined {
  const { type, error, response } = event;
  if (type === "response.failed" && isObject(response))
    return isObject(response.error) ? readErrorObject(response.error) : undefined;
  if (isObject(error)) return readErrorObject(error);
  if (type === "error") return readErrorObject({ code: event.code ?? null, message: event.message ?? "" });
  if (typeof error === "string") return readErrorObject({ code: error, message: event.message ?? error });
  return undefined;
}
