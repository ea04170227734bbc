import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type HubUsage, noUsage } from "../../hub/messages.ts";

/**
 * `usageMetadata` in the hub's terms. Google counts the cached part inside the prompt, and thoughts outside the
 * candidates; chunks of a stream repeat it, and early ones may hold no counts at all (protocol 4c): such a one
 * changes nothing.
 */
export function decodeUsage(metadata: Json | undefined, before: HubUsage = noUsage()): HubUsage {
  if (!isObject(metadata) || metadata.promptTokenCount === undefined) return before;
  const cached = count(metadata.cachedContentTokenCount);
  const thoughts = count(metadata.thoughtsTokenCount);
  return {
    input_tokens: Math.max(0, count(metadata.promptTokenCount) - cached),
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: 0,
    output_tokens: count(metadata.candidatesTokenCount) + thoughts,
    ...(thoughts > 0 && { reasoning_tokens: thoughts }),
  };
}

export function encodeUsage(usage: HubUsage): JsonObject {
  const { cache_read_input_tokens: cached, output_tokens: output, reasoning_tokens: thoughts = 0 } = usage;
  const prompt = usage.input_tokens + cached + usage.cache_creation_input_tokens;
  return {
    promptTokenCount: prompt,
    candidatesTokenCount: output - thoughts,
    totalTokenCount: prompt + output,
    ...(cached > 0 && { cachedContentTokenCount: cached }),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
  };
}

function count(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}
