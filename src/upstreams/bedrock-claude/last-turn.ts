import { blocksOf, type Message } from "./message.ts";

/**
 * Whether the model's turn is under way and did not begin with thinking. With a budget Bedrock then refuses to let
 * thinking start: "When `thinking` is enabled, a final `assistant` message must start with a thinking block
 * (preceeding the lastmost set of `tool_use` and `tool_result` blocks)" (opencode#3077, on Bedrock, 2025-10). Qwen
 * 0.24.4 runs into it on its second request (captures, 2026-11-21), and so does a session that came from another
 * model. Adaptive thinking has no such rule.
 *
 * A turn begins after the last message of the user's own and goes on through tool results; only its first answer
 * has to hold the thinking, later ones often have none.
 */
export function lastTurnLacksThinking(messages: readonly Message[]): boolean {
  const asked = messages.findLastIndex((message) => message.role === "user" && !answersTools(message));
  const first = messages[asked + 1];
  if (first === undefined) return false;
  const type = blocksOf(first)[0]?.type;
  return type !== "thinking" && type !== "redacted_thinking";
}

function answersTools(message: Message): boolean {
  return blocksOf(message).some(({ type }) => type === "tool_result");
}
