/** Failures inside a stream. Only what is named here is told: the rest of the object may hold the whole prompt (7.8 #120). */
import { isObject, type JsonObject } from "../../hub/json.ts";
import { readErrorObject } from "../openai-compatible/chat-stream.ts";
import type { StreamError } from "../types.ts";

const INPUT_FILTER = /input filter/i;

/** `{"error":{…}}`, a list of such when every fallback failed, or the first version's `{"code":500,"message":…}`. */
export function readStreamError(event: JsonObject): StreamError | undefined {
  const error = errorOf(event);
  if (error === undefined) return undefined;
  const { code, message, location } = error;
  const read = readErrorObject({
    code: code ?? 500,
    message: message ?? "The orchestration service failed.",
  });
  const isFiltered = typeof location === "string" && INPUT_FILTER.test(location);
  return isFiltered ? { ...read, reason: "content_filter" } : read;
}

function errorOf({ error, code, message, final_result }: JsonObject): JsonObject | undefined {
  if (isObject(error)) return error;
  if (Array.isArray(error)) return error.findLast(isObject) ?? {};
  if (typeof error === "string") return { message: error };
  const isBare = final_result === undefined && typeof code === "number" && typeof message === "string";
  return isBare ? { code, message } : undefined;
}
