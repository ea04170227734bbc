import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type HubUsage, noUsage } from "../../hub/messages.ts";

/**
 * Responses count the whole prompt, tokens read from the cache and written to it included; the hub counts them apart.
 * `cache_write_tokens` is OpenAI's own name (protocol 7.6 #98).
 */
export function decodeUsage(reported: Json | undefined): HubUsage {
  if (!isObject(reported)) return noUsage();
  const input = isObject(reported.input_tokens_details) ? reported.input_tokens_details : {};
  const output = isObject(reported.output_tokens_details) ? reported.output_tokens_details : {};
  const read = count(input.cached_tokens);
  const written = count(input.cache_write_tokens);
  return {
    input_tokens: Math.max(0, count(reported.input_tokens) - read - written),
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
    output_tokens: count(reported.output_tokens),
    ...(typeof output.reasoning_tokens === "number" && { reasoning_tokens: output.reasoning_tokens }),
  };
}

export function encodeUsage(usage: HubUsage): JsonObject {
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written, output_tokens } = usage;
  const input_tokens = usage.input_tokens + read + written;
  return {
    input_tokens,
    input_tokens_details: { cached_tokens: read, cache_write_tokens: written },
    output_tokens,
    output_tokens_details: { reasoning_tokens: usage.reasoning_tokens ?? 0 },
    total_tokens: input_tokens + output_tokens,
  };
}

function count(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}
