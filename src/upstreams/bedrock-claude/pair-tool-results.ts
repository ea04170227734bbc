/**
 * Every tool_use is answered by exactly one tool_result at the start of the next message, and every tool_result
 * answers a tool_use: otherwise ``400 `tool_use` ids were found without `tool_result` blocks immediately after``
 * (protocol.md 4a.3, 7.2 #25). Cancelled turns, hoisted images and cut histories break this in every client.
 */
import { isObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import { type Block, blocksOf, type Message } from "./message.ts";
import { textInPlaceOf } from "./text.ts";

/** @param messages alternating in role */
export function pairToolResults(messages: Message[]): Message[] {
  const paired = rewriteEach(messages, (message, index) =>
    message.role === "user" ? answer(message, callsOf(messages[index - 1])) : message,
  );
  const unanswered = callsOf(paired.at(-1));
  return unanswered.size === 0
    ? paired
    : [...paired, { role: "user", content: [...unanswered].map(cancelled) }];
}

/** The ids of the calls in an assistant's message. */
function callsOf(message: Message | undefined): ReadonlySet<string> {
  if (message?.role !== "assistant") return new Set();
  return new Set(blocksOf(message).flatMap((block) => (block.type === "tool_use" ? [String(block.id)] : [])));
}

/** The user's message with the results of these calls first, in the client's order, then everything else. */
function answer(message: Message, calls: ReadonlySet<string>): Message {
  if (typeof message.content === "string" && calls.size === 0) return message;
  const open = new Set(calls);
  const results: Block[] = [];
  const rest: Block[] = [];
  for (const block of blocksOf(message)) {
    if (block.type !== "tool_result") rest.push(block);
    else if (open.delete(String(block.tool_use_id))) results.push(block);
    else rest.push(...asContent(block));
  }
  const content = [...results, ...[...open].map(cancelled), ...rest];
  return isSameList(content, message.content) ? message : withMember(message, "content", content);
}

/** The call has no result in the history: the user stopped it, or the client lost it. */
function cancelled(id: string): Block {
  return { type: "tool_result", tool_use_id: id, content: "The call was cancelled.", is_error: true };
}

/** A result whose call is gone, or was answered already: its content stays, as the user's words. */
function asContent(block: Block): Block[] {
  const heading = "Result of an earlier tool call:";
  const { content } = block;
  if (Array.isArray(content) && content.length > 0)
    return [textInPlaceOf(block, heading), ...content.filter(isObject)];
  return [textInPlaceOf(block, `${heading}\n${typeof content === "string" ? content : "(no output)"}`)];
}

function isSameList(blocks: Block[], content: string | Block[]): boolean {
  return blocks.length === content.length && blocks.every((block, index) => block === content[index]);
}
