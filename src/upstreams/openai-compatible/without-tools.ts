/** A history for models that know no tools: what was called and answered is told in words. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { isMessageList } from "./chat-messages.ts";
import { withoutTools } from "./chat-tools.ts";
import { joinContent } from "./pair-tool-messages.ts";

/** Perplexity refuses `tools`, `tool_choice` and `response_format` (protocol 4d, live on SAIL). */
export function dropTools(body: JsonObject, call: Call): JsonObject {
  if (Array.isArray(body.tools)) call.note(`tools are left out: ${call.model} has none`);
  const plain = withoutTools(body);
  return isMessageList(plain.messages) ? withMember(plain, "messages", inWords(plain.messages)) : plain;
}

/** User and assistant in turns, as these models demand, after the system's words. */
function inWords(messages: JsonObject[]): JsonObject[] {
  const told = rewriteEach(messages, tellCalls);
  const merged: JsonObject[] = [];
  for (const message of told) {
    const last = merged.at(-1);
    if (last === undefined || last.role !== message.role || message.role === "system") merged.push(message);
    else merged[merged.length - 1] = { ...last, content: joinContent(last.content, message.content) ?? "" };
  }
  return merged.length === messages.length ? told : merged;
}

function tellCalls(message: JsonObject): JsonObject {
  const { role, content, tool_calls: calls } = message;
  if (role === "tool") return { role: "user", content: joinContent("Result of a tool call:", content) ?? "" };
  if (!Array.isArray(calls)) return message;
  const lines = calls.filter(isObject).map((call) => lineOf(call.function));
  return { role: "assistant", content: joinContent(content, lines.join("\n")) ?? "" };
}

function lineOf(called: Json | undefined): string {
  return isObject(called)
    ? `Called the tool ${String(called.name)} with ${String(called.arguments)}`
    : "Called a tool";
}
