import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { NO_CACHE } from "./learn.ts";

/** Ends a prefix to be cached: a block of its own, behind the last block of the prefix. */
export const CACHE_POINT: JsonObject = { cachePoint: { type: "default" } };

/**
 * Nova takes cache points in `system` and in messages, never among tools (AWS, "Prompt caching", 2026-11); what comes
 * behind the tools caches them too. All marks go where a deployment has refused them.
 */
export function dropCacheMarks(body: JsonObject, call: Call): JsonObject {
  const parts = call.learned.has(NO_CACHE) ? ["tools", "system", "messages"] : ["tools"];
  return parts.reduce((rest, part) => withMember(rest, part, withoutMarks(rest[part])), body);
}

function withoutMarks(list: Json | undefined): Json | undefined {
  if (!Array.isArray(list)) return list;
  return rewriteEach<Json>(list, (item) => {
    if (!isObject(item)) return item;
    return withMember(withMember(item, "cache_control", undefined), "content", withoutMarks(item.content));
  });
}
