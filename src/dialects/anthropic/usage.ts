import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type HubUsage, noUsage } from "../../hub/messages.ts";

/** Counts of a Messages answer; those that are missing stay as they were in `before`. */
export function decodeUsage(reported: Json | undefined, before: HubUsage = noUsage()): HubUsage {
  if (!isObject(reported)) return before;
  const count = (key: string, known: number) => (typeof reported[key] === "number" ? reported[key] : known);
  const details = isObject(reported.output_tokens_details) ? reported.output_tokens_details : {};
  const reasoning = details.thinking_tokens;
  return {
    input_tokens: count("input_tokens", before.input_tokens),
    cache_read_input_tokens: count("cache_read_input_tokens", before.cache_read_input_tokens),
    cache_creation_input_tokens: count("cache_creation_input_tokens", before.cache_creation_input_tokens),
    output_tokens: count("output_tokens", before.output_tokens),
    ...(typeof reasoning === "number" ? { reasoning_tokens: reasoning } : reasoningOf(before)),
  };
}

/** All counts, always: Claude Code reads `input_tokens` without asking whether it is there (users.md A28). */
export function encodeUsage(usage: HubUsage): JsonObject {
  const { reasoning_tokens, ...counts } = usage;
  if (reasoning_tokens === undefined) return { ...counts };
  return { ...counts, output_tokens_details: { thinking_tokens: reasoning_tokens } };
}

function reasoningOf({ reasoning_tokens }: HubUsage): Pick<HubUsage, "reasoning_tokens"> {
  return reasoning_tokens === undefined ? {} : { reasoning_tokens };
}
