import { randomUUID } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { stopReason } from "../bedrock-claude/stream.ts";

/** Converse gives its answers no id; Messages has one. */
export function newMessageId(): string {
  return `msg_${randomUUID().replaceAll("-", "")}`;
}

/** A whole Converse answer as a Messages message, the model left for the caller to name; anything else as it is. */
export function messageOf(answer: JsonObject): JsonObject {
  const message = isObject(answer.output) ? answer.output.message : undefined;
  if (!isObject(message) || !Array.isArray(message.content)) return answer;
  return {
    id: newMessageId(),
    type: "message",
    role: "assistant",
    model: "",
    content: message.content.filter(isObject).flatMap(blockOf),
    stop_reason: stopReason(String(answer.stopReason)),
    stop_sequence: null,
    usage: usageOf(answer.usage),
  };
}

/** Reasoning is not among the kinds: it is never asked for. */
function blockOf({ text, toolUse }: JsonObject): JsonObject[] {
  if (typeof text === "string" && text !== "") return [{ type: "text", text }];
  if (!isObject(toolUse)) return [];
  const { toolUseId: id = "", name = "", input } = toolUse;
  return [{ type: "tool_use", id, name, input: isObject(input) ? input : {} }];
}

/** Converse's counts in Messages' terms; in both the input is what no cache held (DESIGN 8). */
export function usageOf(usage: Json | undefined): JsonObject {
  const reported = isObject(usage) ? usage : {};
  const count = (key: string) => (typeof reported[key] === "number" ? reported[key] : 0);
  return {
    input_tokens: count("inputTokens"),
    cache_creation_input_tokens: count("cacheWriteInputTokens"),
    cache_read_input_tokens: count("cacheReadInputTokens"),
    output_tokens: count("outputTokens"),
  };
}
