import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest, ToolUseBlock } from "../../hub/messages.ts";
import { parseToolInput } from "../../hub/tool-input.ts";
import type { ChatFunctionCall, ChatToolCall } from "./wire.ts";

export function decodeToolCall(call: ChatToolCall): ToolUseBlock {
  if (call.type !== "custom") return decodeFunctionCall(call.id, call.function);
  const input = { input: String(call.custom.input ?? "") };
  return { type: "tool_use", id: call.id, name: call.custom.name, input };
}

export function decodeFunctionCall(id: string, called: ChatFunctionCall): ToolUseBlock {
  return { type: "tool_use", id, name: called.name, input: inputOf(called.arguments) };
}

function inputOf(written: Json | undefined): JsonObject {
  return isObject(written) ? written : parseToolInput(typeof written === "string" ? written : "");
}

/** For an upstream: every tool is a function there. */
export function encodeFunctionCall(block: ToolUseBlock): JsonObject {
  const { id, name, input } = block;
  return { id, type: "function", function: { name, arguments: JSON.stringify(input) } };
}

/** For a client: a call of the kind that its tool was declared as. */
export function encodeToolCall(block: ToolUseBlock, request: HubRequest): JsonObject {
  if (!isCustomTool(block.name, request)) return encodeFunctionCall(block);
  return { id: block.id, type: "custom", custom: { name: block.name, input: customInput(block.input) } };
}

/** Whether the client declared the tool as a free-form one (`type:"custom"`), whose input is one text. */
export function isCustomTool(name: string, request: HubRequest): boolean {
  return request.tools?.find((tool) => tool.name === name)?.origin?.custom === true;
}

export function customInput(input: JsonObject): string {
  return typeof input.input === "string" ? input.input : JSON.stringify(input);
}
