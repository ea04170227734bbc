import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { isThinking } from "../bedrock-claude/thinking.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

const THOUGHTS: readonly (Json | undefined)[] = ["thinking", "redacted_thinking"];

/**
 * No Nova model has a row that lets it think, so neither the wish goes up nor what other models thought: its
 * signature is another maker's, and Nova has no place for it.
 */
export function dropThinking(body: JsonObject, call: Call): JsonObject {
  if (isThinking(body)) call.note(`thinking is left out: ${call.model} has none`);
  const messages = Array.isArray(body.messages)
    ? rewriteEach<Json>(body.messages, withoutThoughts)
    : body.messages;
  return withMember(withMember(body, "thinking", undefined), "messages", messages);
}

function withoutThoughts(message: Json): Json {
  if (!isObject(message) || !Array.isArray(message.content)) return message;
  const content = rewriteEach<Json>(message.content, (block) =>
    isObject(block) && THOUGHTS.includes(block.type) ? [] : block,
  );
  return withMember(message, "content", content);
}
