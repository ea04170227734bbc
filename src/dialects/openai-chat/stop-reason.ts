import type { Json } from "../../hub/json.ts";
import type { StopReason } from "../../hub/messages.ts";

const DECODED: ReadonlyMap<Json | undefined, StopReason> = new Map<Json, StopReason>([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["model_length", "max_tokens"], // Mistral's word for the end of its context window
  ["tool_calls", "tool_use"],
  ["function_call", "tool_use"],
  ["content_filter", "refusal"],
]);

/**
 * Hosts say "stop" behind tool calls too: when a tool was forced, and orchestration as a last word after
 * `tool_calls` (protocol.md 7.8 #123); and "" for nothing. An answer with calls waits for their results.
 */
export function decodeStopReason(reason: Json | undefined, hasCalls: boolean): StopReason {
  const decoded = DECODED.get(reason) ?? "end_turn";
  return decoded === "end_turn" && hasCalls ? "tool_use" : decoded;
}

export function encodeStopReason(reason: StopReason): string {
  switch (reason) {
    case "max_tokens":
      return "length";
    case "tool_use":
      return "tool_calls";
    case "refusal":
      return "content_filter";
    default:
      return "stop";
  }
}
