import type { JsonObject } from "../../src/hub/json.ts";

/** Stands for whatever a user says, is told, or calls a thing. */
export const PROMPT = "canary_prompt_c0ffee5eed";

/** A request that has the canary in every place where people put what is theirs. */
export function conversation(stream: boolean, model = "sonnet"): JsonObject {
  const tool = `look_${PROMPT}`;
  return {
    model,
    stream,
    max_tokens: 500,
    metadata: { user_id: `user_${PROMPT}` },
    system: [{ type: "text", text: `You guard ${PROMPT}.`, cache_control: { type: "ephemeral" } }],
    tools: [
      { name: tool, description: PROMPT, input_schema: { type: "object", properties: { [PROMPT]: {} } } },
    ],
    messages: [
      { role: "user", content: `Where is ${PROMPT}?` },
      {
        role: "assistant",
        content: [
          { type: "text", text: `I look for ${PROMPT}.` },
          { type: "tool_use", id: "toolu_01canary", name: tool, input: { [PROMPT]: PROMPT } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_01canary", content: `found ${PROMPT}` },
          { type: "text", text: `Say: ${PROMPT}` },
        ],
      },
    ],
  };
}
