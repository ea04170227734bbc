import { isObject, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { blocksOf, isMessageList } from "./message.ts";

const KEYS: ReadonlySet<string> = new Set(["type", "name", "disable_parallel_tool_use"]);

/**
 * A choice that fits the tools that are left: without tools there is none (a 400, protocol.md 4a.3), and a tool that
 * was dropped cannot be forced.
 */
export function fitToolChoice(body: JsonObject, call: Call): JsonObject {
  const choice = body.tool_choice;
  if (choice === undefined) return body;
  if (body.tools === undefined || !isObject(choice)) return withMember(body, "tool_choice", undefined);
  if (choice.type === "none") return withoutCalls(body, call);
  if (choice.type === "tool" && !hasTool(body, choice)) {
    call.note(`tool_choice is left out: the tool ${String(choice.name)} is not sent`);
    return withMember(body, "tool_choice", undefined);
  }
  return withMember(body, "tool_choice", onlyMembers(choice, KEYS));
}

function hasTool(body: JsonObject, choice: JsonObject): boolean {
  return Array.isArray(body.tools) && body.tools.some((tool) => isObject(tool) && tool.name === choice.name);
}

/**
 * Nobody has seen `none` pass on `invoke` (protocol.md 10), so the tools go instead; unless the history has calls,
 * which are not legal without tools: then the tools stay and the model may use them (DESIGN 8).
 */
function withoutCalls(body: JsonObject, call: Call): JsonObject {
  const choiceless = withMember(body, "tool_choice", undefined);
  if (!hasToolBlocks(body)) return withMember(choiceless, "tools", undefined);
  call.note("tool_choice none is left out: the conversation has tool calls, so the tools must stay");
  return choiceless;
}

function hasToolBlocks({ messages }: JsonObject): boolean {
  if (!isMessageList(messages)) return false;
  return messages.some((message) =>
    blocksOf(message).some(({ type }) => type === "tool_use" || type === "tool_result"),
  );
}
