/** Usage as OpenAI counts it. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { AnswerTranslation } from "../types.ts";

/**
 * For Claude the service's `prompt_tokens` are without the cached and newly cached ones, for GPT with them
 * (protocol 4f.3, measured). Bedrock's ids of Claude's answers begin with `msg_`.
 */
export function inclusiveUsage(answer: JsonObject): JsonObject {
  const { id, usage } = answer;
  if (!isObject(usage) || typeof id !== "string" || !id.startsWith("msg_")) return answer;
  const details = isObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const apart = count(details.cached_tokens) + count(details.cache_creation_tokens);
  if (apart === 0) return answer;
  const prompt = count(usage.prompt_tokens) + apart;
  const total = prompt + count(usage.completion_tokens);
  return withMember(answer, "usage", { ...usage, prompt_tokens: prompt, total_tokens: total });
}

function count(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** The service tells usage beside the last choice; chat clients look for it in a chunk of its own, without choices. */
export function tellUsageApart(): AnswerTranslation {
  return {
    message: (message) => message,
    event: (event) => {
      const { usage, choices } = event;
      if (!isObject(usage) || !Array.isArray(choices) || choices.length === 0) return [event];
      return [withMember(event, "usage", undefined), { ...event, choices: [] }];
    },
  };
}
