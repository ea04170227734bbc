/**
 * Every tool call is answered by one tool message right behind the message that made it, and every tool message
 * answers a call: everything else is a 400 (`An assistant message with 'tool_calls' must be followed by tool messages
 * responding to each 'tool_call_id'`). Codex puts a text between the two, agents a system message, and a cancelled
 * turn leaves calls without an answer (protocol 7.5 #72–#74).
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";

export function pairToolMessages(messages: JsonObject[]): JsonObject[] {
  const taken = new Set<number>();
  const paired = messages.flatMap((message, index) => {
    if (taken.has(index)) return [];
    if (message.role === "tool") return [asUserText(message)];
    const ids = callIds(message);
    return ids.length === 0 ? [message] : roundOf(messages, index, ids, taken);
  });
  return isSameList(paired, messages) ? messages : paired;
}

/** The message with its calls, then their answers in the order in which they came; marks what it took from below. */
function roundOf(messages: JsonObject[], start: number, ids: string[], taken: Set<number>): JsonObject[] {
  const open = new Set(ids);
  const answers: JsonObject[] = [];
  const between: number[] = [];
  let said: number[] = [];
  for (let at = start + 1; at < messages.length && open.size > 0; at++) {
    const message = messages[at];
    if (message === undefined || taken.has(at)) continue;
    if (message.role === "tool" && open.delete(String(message.tool_call_id))) {
      answers.push(message);
      taken.add(at);
      said = [...between];
    } else if (message.role === "assistant" && callIds(message).length === 0) between.push(at);
  }
  for (const at of said) taken.add(at);
  const texts = said.map((at) => messages[at]?.content);
  const head = texts.reduce<JsonObject>(
    (joined, text) => withMember(joined, "content", joinContent(joined.content, text)),
    messages[start] ?? {},
  );
  return [head, ...answers, ...[...open].map(cancelled)];
}

function callIds({ role, tool_calls }: JsonObject): string[] {
  if (role !== "assistant" || !Array.isArray(tool_calls)) return [];
  return tool_calls.filter(isObject).map(({ id }) => String(id));
}

/** The call has no answer in the history: the user stopped it, or the client lost it. */
function cancelled(id: string): JsonObject {
  return { role: "tool", tool_call_id: id, content: "The call was cancelled." };
}

/** An answer whose call is gone, or was answered already: its content stays, as the user's words. */
function asUserText({ content }: JsonObject): JsonObject {
  const heading = "Result of an earlier tool call:";
  if (Array.isArray(content)) return { role: "user", content: [{ type: "text", text: heading }, ...content] };
  return { role: "user", content: `${heading}\n${typeof content === "string" ? content : ""}` };
}

type Content = Json | undefined;

/** Two contents as one; nothing counts as absent. */
export function joinContent(first: Content, second: Content): Content {
  if (isNothing(first)) return second;
  if (isNothing(second)) return first;
  if (typeof first === "string" && typeof second === "string") return `${first}\n\n${second}`;
  return [...partsOf(first), ...partsOf(second)];
}

function isNothing(content: Content): boolean {
  return content === undefined || content === null || content === "";
}

function partsOf(content: Content): Json[] {
  return Array.isArray(content) ? content : [{ type: "text", text: String(content) }];
}

function isSameList(list: JsonObject[], other: JsonObject[]): boolean {
  return list.length === other.length && list.every((item, index) => item === other[index]);
}
