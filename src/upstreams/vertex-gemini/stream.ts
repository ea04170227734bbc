/** What Vertex's answers have that the Gemini API's have not, and how they tell of failures. */
import { errorTypeOf } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { StreamError } from "../types.ts";
import { namedIn, type Part } from "./content.ts";

/**
 * A chunk or a whole answer as the Gemini API would send it: without Vertex's `trafficType` and `createTime`, and with
 * function names as they were declared. Models think of functions as members of a Python module, and sometimes write
 * `default_api:read_file` (protocol 7.7 #107, PI; Antigravity-Manager#3202, 2026-06).
 */
export function cleanEvent(event: JsonObject): JsonObject {
  const { usageMetadata: usage, candidates } = event;
  const counted = isObject(usage)
    ? withMember(event, "usageMetadata", withMember(usage, "trafficType", undefined))
    : event;
  const cleaned = Array.isArray(candidates) ? rewriteEach<Json>(candidates, bareNames) : candidates;
  return withMember(withMember(counted, "createTime", undefined), "candidates", cleaned);
}

/**
 * A chunk of a stream; undefined for one that says nothing. Vertex sends some with a head alone, and Google's own SDK
 * (2.32, 2026-11-21) forgets a turn of a chat in which one chunk has no candidate.
 */
export function cleanChunk(event: JsonObject): JsonObject | undefined {
  const chunk = cleanEvent(event);
  const { candidates, promptFeedback, usageMetadata: usage } = chunk;
  const isCounted = isObject(usage) && Object.keys(usage).length > 0;
  return candidates === undefined && promptFeedback === undefined && !isCounted ? undefined : chunk;
}

function bareNames(candidate: Json): Json {
  if (!isObject(candidate) || !isObject(candidate.content) || !Array.isArray(candidate.content.parts)) {
    return candidate;
  }
  const parts = rewriteEach<Json>(candidate.content.parts, (part) =>
    isObject(part) ? bareName(part) : part,
  );
  return withMember(candidate, "content", withMember(candidate.content, "parts", parts));
}

function bareName(part: Part): Part {
  const call = namedIn(part, "functionCall");
  if (call === undefined) return part;
  return withMember(
    part,
    "functionCall",
    withMember(call, "name", call.name.replace(/^default_api[:.]/, "")),
  );
}

/** `{"error":{"code","message","status"}}`, alone or in a list (protocol 6.1). */
export function readStreamError(event: JsonObject): StreamError | undefined {
  const given: Json = event;
  const first = Array.isArray(given) ? given[0] : given;
  if (!isObject(first) || !isObject(first.error)) return undefined;
  const { code, message } = first.error;
  const status = typeof code === "number" && code >= 400 && code < 600 ? code : 500;
  const text = typeof message === "string" ? message : "The model's host reported an error.";
  return { type: errorTypeOf(status), message: text, status };
}
