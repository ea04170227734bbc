/** Chat messages as every host takes them: known members, no empty content, tool calls with their answers. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import { pairToolMessages } from "./pair-tool-messages.ts";

/**
 * What a message may hold. Clients add members of other makers (`cache_control`, `reasoning_content`,
 * `provider_options`); Azure answers each with `Unknown parameter: 'messages[0].…'` (protocol 4b.2).
 */
const MESSAGE_KEYS: ReadonlySet<string> = new Set([
  ...["role", "content", "name", "refusal", "audio"],
  ...["tool_calls", "tool_call_id", "function_call"],
]);
const PART_KEYS: ReadonlySet<string> = new Set([
  ...["type", "text", "image_url", "input_audio", "file", "refusal"],
]);

export function isMessageList(value: Json | undefined): value is JsonObject[] {
  return Array.isArray(value) && value.every(isObject);
}

/** The body with its messages cleaned and paired. */
export function prepareChatMessages(body: JsonObject): JsonObject {
  if (!isMessageList(body.messages)) return body;
  return withMember(body, "messages", pairToolMessages(rewriteEach(body.messages, cleanMessage)));
}

/** Nothing is left of a message that says nothing. */
function cleanMessage(message: JsonObject): JsonObject | JsonObject[] {
  const known = withoutEmptyCalls(onlyMembers(message, MESSAGE_KEYS));
  const clean = withMember(known, "content", cleanContent(known));
  return clean.content === undefined && !calls(clean) ? [] : clean;
}

/** `tool_calls: []` is refused: the list needs one item. */
function withoutEmptyCalls(message: JsonObject): JsonObject {
  const { tool_calls } = message;
  const empty = tool_calls === null || (Array.isArray(tool_calls) && tool_calls.length === 0);
  return empty ? withMember(message, "tool_calls", undefined) : message;
}

/** `[]` is refused (protocol 7.5 #75), `null` only allowed beside calls; a tool may have nothing to say. */
function cleanContent(message: JsonObject): Json | undefined {
  const { content } = message;
  if (Array.isArray(content)) {
    if (content.length > 0)
      return rewriteEach<Json>(content, (part) => (isObject(part) ? onlyMembers(part, PART_KEYS) : part));
    return message.role === "tool" ? "" : undefined;
  }
  if (content === null && !calls(message)) return message.role === "tool" ? "" : undefined;
  return content;
}

function calls(message: JsonObject): boolean {
  return ["tool_calls", "function_call", "refusal", "audio"].some(
    (key) => message[key] !== undefined && message[key] !== null,
  );
}
