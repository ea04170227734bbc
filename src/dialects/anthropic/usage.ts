import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type HubUsage, noUsage } from "../../hub/messages.ts";

/** Counts of a Messages answer; those that are missing stay as they were in `before`. */
export function decodeUsage(reported: Json | undefined, before: HubUsage = noUsage()): HubUsage {
  if (!isObject(reported)) return before;
  const count = (key: string, known: number) => (typeof reported[key] === "number" ? reported[key] : known);
  const details = isObject(reported.output_tokens_details) ? reported.output_tokens_details : {};
  const reasoning = details.thinking_tokens;
  const written = isObject(reported.cache_creation) ? reported.cache_creation : {};
  const forAnHour = written.ephemeral_1h_input_tokens;
  return {
    input_tokens: count("input_tokens", before.input_tokens),
    cache_read_input_tokens: count("cache_read_input_tokens", before.cache_read_input_tokens),
    cache_creation_input_tokens: count("cache_creation_input_tokens", before.cache_creation_input_tokens),
    output_tokens: count("output_tokens", before.output_tokens),
    ...hubOnly(before),
    ...(typeof forAnHour === "number" && { cache_creation_1h_tokens: forAnHour }),
    ...(typeof reasoning === "number" && { reasoning_tokens: reasoning }),
  };
}

/** All counts, always: Claude Code reads `input_tokens` without asking whether it is there (users.md A28). */
export function encodeUsage(usage: HubUsage): JsonObject {
  const { reasoning_tokens, cache_creation_1h_tokens: forAnHour, ...counts } = usage;
  return {
    ...counts,
    ...(forAnHour !== undefined && {
      cache_creation: {
        ephemeral_5m_input_tokens: counts.cache_creation_input_tokens - forAnHour,
        ephemeral_1h_input_tokens: forAnHour,
      },
    }),
    ...(reasoning_tokens !== undefined && { output_tokens_details: { thinking_tokens: reasoning_tokens } }),
  };
}

function hubOnly(usage: HubUsage): Pick<HubUsage, "cache_creation_1h_tokens" | "reasoning_tokens"> {
  const { cache_creation_1h_tokens, reasoning_tokens } = usage;
  return {
    ...(cache_creation_1h_tokens !== undefined && { cache_creation_1h_tokens }),
    ...(reasoning_tokens !== undefined && { reasoning_tokens }),
  };
}
