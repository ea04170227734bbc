import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";

const KEYS: ReadonlySet<string> = new Set(["type", "ttl"]);
const TTLS: readonly unknown[] = ["5m", "1h"];

/**
 * A breakpoint as Bedrock takes it: `{"type":"ephemeral"}`, with a `ttl` of 5m or 1h. `scope`, which Claude Code
 * has sent since 2.1.30, is a 400: `….cache_control.ephemeral.scope: Extra inputs are not permitted`
 * (protocol.md 4a.3, five sources). The breakpoint itself stays: without it nothing is cached.
 */
export function cleanCacheControl<T extends JsonObject>(holder: T): T {
  const mark = holder.cache_control;
  return mark === undefined ? holder : withMember(holder, "cache_control", ephemeral(mark));
}

function ephemeral(mark: Json): JsonObject | undefined {
  if (!isObject(mark) || mark.type !== "ephemeral") return undefined;
  const clean = onlyMembers(mark, KEYS);
  return TTLS.includes(clean.ttl) ? clean : withMember(clean, "ttl", undefined);
}
