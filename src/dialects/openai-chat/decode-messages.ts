import type { Block, HubMessage, TextBlock } from "../../hub/messages.ts";
import { blocksOf, textOf } from "../../hub/messages.ts";
import { decodeContent } from "./decode-parts.ts";
import { decodeReasoning } from "./reasoning.ts";
import { decodeFunctionCall, decodeToolCall } from "./tool-calls.ts";
import type { ChatMessage } from "./wire.ts";

type Note = (text: string) => void;

export interface Conversation {
  system: TextBlock[];
  messages: HubMessage[];
}

/**
 * The instructions at the beginning become `system`, later ones stay where they stand; tool messages that follow each
 * other become the results of one user message. Of a request that is nothing but instructions, the last is the question.
 */
export function decodeMessages(messages: ChatMessage[], note: Note): Conversation {
  const first = messages.findIndex(({ role }) => role !== "system" && role !== "developer");
  const begin = first === -1 ? messages.length - 1 : first;
  const system = messages.slice(0, begin).flatMap(({ content }): TextBlock[] => {
    const text = textOf(decodeContent(content, note));
    return text === "" ? [] : [{ type: "text", text }];
  });
  const history: HubMessage[] = [];
  messages.slice(begin).forEach((message, index) => {
    const decoded = decodeMessage(message, index, history, note);
    const last = history.at(-1);
    if (isResults(decoded) && isResults(last)) last.content.push(...decoded.content);
    else if (decoded) history.push(decoded);
  });
  if (first !== -1) return { system, messages: history };
  return { system, messages: history.map(({ content }) => ({ role: "user", content })) };
}

function decodeMessage(
  message: ChatMessage,
  index: number,
  before: HubMessage[],
  note: Note,
): HubMessage | undefined {
  const content = decodeContent(message.content, note);
  switch (message.role) {
    case "system":
    case "developer":
      return { role: "system", content };
    case "user":
      return { role: "user", content };
    case "assistant": {
      const blocks = decodeAssistant(message, index, content);
      return blocks.length > 0 ? { role: "assistant", content: blocks } : undefined;
    }
    case "tool":
      return result(message.tool_call_id ?? "", content);
    case "function":
      return result(lastCallIn(before) ?? callId(index), content);
  }
}

function decodeAssistant(message: ChatMessage, index: number, content: string | Block[]): Block[] {
  const { refusal, tool_calls, function_call, reasoning_content } = message;
  return [
    ...decodeReasoning(reasoning_content),
    ...blocksOf(content),
    ...blocksOf(refusal ?? ""),
    ...(tool_calls ?? []).map(decodeToolCall),
    ...(function_call ? [decodeFunctionCall(callId(index), function_call)] : []),
  ];
}

function result(id: string, content: string | Block[]): HubMessage {
  return { role: "user", content: [{ type: "tool_result", tool_use_id: id, content }] };
}

/** Function calls, the form before tools, have no id: the position makes one, the same in every turn. */
function callId(index: number): string {
  return `call_function${index}`;
}

function lastCallIn(messages: HubMessage[]): string | undefined {
  const call = blocksOf(messages.at(-1)?.content).findLast((block) => block.type === "tool_use");
  return call?.type === "tool_use" ? call.id : undefined;
}

function isResults(message: HubMessage | undefined): message is HubMessage & { content: Block[] } {
  return (
    message?.role === "user" &&
    typeof message.content !== "string" &&
    message.content.length > 0 &&
    message.content.every((block) => block.type === "tool_result")
  );
}
