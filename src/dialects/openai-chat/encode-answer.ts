import type { JsonObject } from "../../hub/json.ts";
import { type HubAnswer, type HubRequest, type ToolUseBlock, textOf } from "../../hub/messages.ts";
import { encodeStopReason } from "./stop-reason.ts";
import { encodeFunctionCall, encodeToolCall } from "./tool-calls.ts";
import { encodeUsage } from "./usage.ts";

/** A whole answer. Signatures of thoughts have no place in chat. @param created seconds since 1970 */
export function encodeAnswer(answer: HubAnswer, request: HubRequest, created: number): JsonObject {
  const { id, model, content, stop_reason, usage } = answer;
  const text = textOf(content);
  const thinking = content.map((block) => (block.type === "thinking" ? block.thinking : "")).join("");
  const calls = content.filter((block) => block.type === "tool_use");
  return {
    id,
    object: "chat.completion",
    created,
    model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: text === "" && calls.length > 0 ? null : text,
          refusal: null,
          ...(thinking !== "" && { reasoning_content: thinking }),
          ...encodeCalls(calls, request),
        },
        logprobs: null,
        finish_reason: finishReason(stop_reason, request),
      },
    ],
    usage: encodeUsage(usage),
  };
}

function encodeCalls(calls: ToolUseBlock[], request: HubRequest): JsonObject {
  const [first] = calls;
  if (!first) return {};
  if (!asksForFunctions(request)) return { tool_calls: calls.map((call) => encodeToolCall(call, request)) };
  return { function_call: encodeFunctionCall(first).function ?? null };
}

/** The form before tools has one call, and its own name for the end. */
export function finishReason(reason: HubAnswer["stop_reason"], request: HubRequest): string {
  return reason === "tool_use" && asksForFunctions(request) ? "function_call" : encodeStopReason(reason);
}

export function asksForFunctions({ vendor }: HubRequest): boolean {
  return vendor?.chat?.functions === true;
}
