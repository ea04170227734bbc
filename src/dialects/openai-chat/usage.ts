import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type HubUsage, noUsage } from "../../hub/messages.ts";

/**
 * Chat counts the whole prompt, cached and newly cached tokens included; the hub counts them apart. Cached counts of
 * orchestration can exceed the prompt (protocol.md 7.8 #133): never less than nothing remains.
 */
export function decodeUsage(reported: Json | undefined): HubUsage {
  if (!isObject(reported)) return noUsage();
  const prompt = isObject(reported.prompt_tokens_details) ? reported.prompt_tokens_details : {};
  const completion = isObject(reported.completion_tokens_details) ? reported.completion_tokens_details : {};
  const read = count(prompt.cached_tokens);
  const written = count(prompt.cache_creation_tokens);
  const lives = isObject(prompt.cache_creation_token_details) ? prompt.cache_creation_token_details : {};
  const forAnHour = lives.ephemeral_1h_input_tokens;
  return {
    input_tokens: Math.max(0, count(reported.prompt_tokens) - read - written),
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
    ...(typeof forAnHour === "number" && { cache_creation_1h_tokens: forAnHour }),
    output_tokens: count(reported.completion_tokens),
    ...(typeof completion.reasoning_tokens === "number" && { reasoning_tokens: completion.reasoning_tokens }),
  };
}

/** `cache_creation_tokens` is what orchestration calls newly cached ones; OpenAI itself has no word for them. */
export function encodeUsage(usage: HubUsage): JsonObject {
  const { cache_read_input_tokens: read, cache_creation_input_tokens: written, reasoning_tokens } = usage;
  const prompt = usage.input_tokens + read + written;
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.output_tokens,
    total_tokens: prompt + usage.output_tokens,
    prompt_tokens_details: { cached_tokens: read, ...(written > 0 && { cache_creation_tokens: written }) },
    ...(reasoning_tokens !== undefined && { completion_tokens_details: { reasoning_tokens } }),
  };
}

function count(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}
