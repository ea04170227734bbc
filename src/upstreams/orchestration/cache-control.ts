/** Claude's prompt cache through the service: `cache_control` on text parts (protocol 4f.2). */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import { isMessageList } from "../openai-compatible/chat-messages.ts";
import type { Call } from "../types.ts";

const USER_TURNS = 2;

/**
 * Marks the end of the system's words and of the last two user messages, where the client has marked nothing: chat has
 * no word for it, and without a mark Claude caches nothing. Tool messages are texts and cannot be marked.
 */
export function markCacheBreakpoints(body: JsonObject, { capabilities }: Call): JsonObject {
  const { messages } = body;
  if (capabilities.family !== "claude" || !isMessageList(messages) || messages.some(isMarked)) return body;
  const users = messages.filter(({ role }) => role === "user").slice(-USER_TURNS);
  const system = messages.findLast(({ role }, index) => role === "system" && index < firstTurn(messages));
  const chosen = new Set([...users, ...(system ? [system] : [])]);
  return withMember(
    body,
    "messages",
    rewriteEach(messages, (message) => (chosen.has(message) ? marked(message) : message)),
  );
}

function firstTurn(messages: JsonObject[]): number {
  const found = messages.findIndex(({ role }) => role !== "system");
  return found < 0 ? messages.length : found;
}

function isMarked({ content }: JsonObject): boolean {
  return Array.isArray(content) && content.some((part) => isObject(part) && part.cache_control !== undefined);
}

function marked(message: JsonObject): JsonObject {
  const { content } = message;
  const parts: Json[] = typeof content === "string" ? [{ type: "text", text: content }] : [];
  const list = Array.isArray(content) ? content : parts;
  const last = list.findLastIndex((part) => isObject(part) && part.type === "text" && part.text !== "");
  if (last < 0) return message;
  const mark = (part: Json, index: number): Json =>
    index === last && isObject(part) ? { ...part, cache_control: { type: "ephemeral" } } : part;
  return withMember(message, "content", rewriteEach(list, mark));
}
