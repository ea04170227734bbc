/** What chat streams of hosts other than OpenAI carry: errors under a 200, and members that only the host knows. */
import { errorTypeOf } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import type { StreamError } from "../types.ts";

const CHUNK_KEYS: ReadonlySet<string> = new Set([
  ...["id", "object", "created", "model", "choices", "usage", "system_fingerprint", "service_tier"],
  // Perplexity's own, which its clients read.
  ...["citations", "search_results", "images", "related_questions"],
]);
/** Azure's verdicts, on a choice or in it (protocol 4b.3). */
const FILTER_KEYS: readonly string[] = [
  ...["content_filter_results", "content_filter_result", "content_filter_offsets", "content_filter_raw"],
];

/**
 * A chunk without the host's additions. Azure's first one has neither choices nor an id, only `prompt_filter_results`:
 * nothing is left of it. It crashes strict clients (protocol 7.5 #66).
 */
export function cleanChatEvent(event: JsonObject): JsonObject | undefined {
  const { choices, usage } = event;
  const empty = Array.isArray(choices) && choices.length === 0 && !isObject(usage);
  return empty ? undefined : cleanChatChunk(event);
}

/** A chunk or a whole answer, which have the same members. */
export function cleanChatChunk(chunk: JsonObject): JsonObject {
  const known = onlyMembers(chunk, CHUNK_KEYS);
  if (!Array.isArray(known.choices)) return known;
  return withMember(known, "choices", rewriteEach<Json>(known.choices, cleanChoice));
}

function cleanChoice(choice: Json): Json {
  if (!isObject(choice)) return choice;
  return FILTER_KEYS.reduce((rest, key) => withMember(rest, key, undefined), choice);
}

/** Statuses of the words that stand in `code` or `type` where no number does. */
const STATUSES: ReadonlyMap<Json | undefined, number> = new Map<Json | undefined, number>([
  ["content_filter", 400],
  ["context_length_exceeded", 400],
  ["invalid_prompt", 400],
  ["invalid_request_error", 400],
  ["BadRequest", 400],
  ["rate_limit_exceeded", 429],
  ["rate_limit_error", 429],
  ["too_many_requests", 429],
  ["insufficient_quota", 429],
  ["server_is_overloaded", 503],
  ["service_unavailable", 503],
  ["timeout", 504],
]);

/** Words of a throttle, wherever they stand (protocol 6.3). */
const THROTTLED = /too many (requests|tokens)|rate limit|throttl|quota exceeded/i;

/** The failure that `{"error":{…}}` tells of; its code is a number, a number as text, or a word (protocol 4b.3). */
export function readErrorObject(error: JsonObject): StreamError {
  const { code, type } = error;
  const message = typeof error.message === "string" && error.message !== "" ? error.message : undefined;
  const numbered = Number(code) >= 400 && Number(code) <= 599 ? Number(code) : undefined;
  const named = STATUSES.get(code) ?? STATUSES.get(type);
  const status = numbered ?? named ?? (THROTTLED.test(message ?? "") ? 429 : 500);
  const text = message ?? "The model's host reported an error.";
  const isWord = typeof code === "string" && numbered === undefined;
  // SAP's own word for a throttle says nothing to Codex, which waits for `rate_limit_exceeded` (protocol 7.6 #99).
  const reason = isWord ? { reason: code === "too_many_requests" ? "rate_limit_exceeded" : code } : {};
  return { type: errorTypeOf(status), message: text, status, ...reason };
}

/** The failure that a chunk tells of. `{"error":"BadRequest","message":…}` is SAP's own spelling (protocol 6.1). */
export function readChatStreamError({ error, message }: JsonObject): StreamError | undefined {
  if (isObject(error)) return readErrorObject(error);
  return typeof error === "string" ? readErrorObject({ code: error, message: message ?? error }) : undefined;
}
