/** What the sandbox says an answer cost, read by the rules of each family's own documentation, not by our decoders. */
import { isObject, type JsonObject } from "../../src/hub/json.ts";

export interface Counts {
  input: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  output: number;
  reasoning: number;
}

/** @param claude whether the words of chat tell of Claude, whose prompt orchestration counts without what is cached */
export function countsOf(usage: JsonObject, claude: boolean): Counts {
  const at = (...path: string[]) => {
    const found = path.reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), usage);
    return typeof found === "number" ? found : 0;
  };
  if ("inputTokens" in usage) {
    return {
      input: at("inputTokens"),
      cacheRead: at("cacheReadInputTokens"),
      cacheWrite5m: at("cacheWriteInputTokens"),
      cacheWrite1h: 0,
      output: at("outputTokens"),
      reasoning: 0,
    };
  }
  if ("promptTokenCount" in usage) {
    return {
      input: at("promptTokenCount") - at("cachedContentTokenCount"),
      cacheRead: at("cachedContentTokenCount"),
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: at("totalTokenCount") - at("promptTokenCount"),
      reasoning: at("thoughtsTokenCount"),
    };
  }
  if ("prompt_tokens" in usage) {
    const details = "prompt_tokens_details";
    const cached = at(details, "cached_tokens");
    return {
      input: at("prompt_tokens") - (claude ? 0 : cached),
      cacheRead: cached,
      cacheWrite5m: at(details, "cache_creation_token_details", "ephemeral_5m_input_tokens"),
      cacheWrite1h: at(details, "cache_creation_token_details", "ephemeral_1h_input_tokens"),
      output: at("completion_tokens"),
      reasoning: at("completion_tokens_details", "reasoning_tokens"),
    };
  }
  const cached = at("input_tokens_details", "cached_tokens");
  const written = at("input_tokens_details", "cache_write_tokens");
  return {
    input: at("input_tokens") - cached - written,
    cacheRead: at("cache_read_input_tokens") + cached,
    cacheWrite5m: at("cache_creation", "ephemeral_5m_input_tokens") + written,
    cacheWrite1h: at("cache_creation", "ephemeral_1h_input_tokens"),
    output: at("output_tokens"),
    reasoning:
      at("output_tokens_details", "thinking_tokens") + at("output_tokens_details", "reasoning_tokens"),
  };
}
