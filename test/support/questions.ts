/** Requests that make the sandbox show everything that a Messages answer can hold, one kind a question. */
import type { JsonObject } from "../../src/hub/json.ts";

/** A PNG of one pixel. */
export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

export function tool(name: string, properties: JsonObject = { place: { type: "string" } }): JsonObject {
  return {
    name,
    description: `Does ${name}.`,
    input_schema: { type: "object", properties, required: Object.keys(properties) },
  };
}

export function ask(text: string, more: JsonObject = {}): JsonObject {
  return {
    model: "claude-sonnet-4-5",
    max_tokens: 4_096,
    messages: [{ role: "user", content: text }],
    ...more,
  };
}

const thinking = { type: "enabled", budget_tokens: 2_000 };
const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
};

export const QUESTIONS: Record<string, JsonObject> = {
  text: ask("Grüß Gott, was heißt ✓ 👩‍👩‍👧?"),
  thinking: ask("Say: 42 is the answer", { thinking }),
  "redacted-thinking": ask("Say: this was redacted thinking", { thinking }),
  "tool-use": ask("Run `echo größe ✓` for me", { tools: [tool("Bash", { command: { type: "string" } })] }),
  "thinking-and-tool": ask("Run `date`", {
    thinking,
    tools: [tool("Bash", { command: { type: "string" } })],
  }),
  "parallel-tools": ask("Call the tools weather and clock in parallel", {
    tools: [tool("weather"), tool("clock")],
  }),
  "image-in-tool-result": {
    ...ask("Take a screenshot"),
    messages: [
      { role: "user", content: "Take a screenshot" },
      { role: "assistant", content: [{ type: "tool_use", id: "toolu_bdrk_01a", name: "shot", input: {} }] },
      {
        role: "user",
        content: [
          {
            type: "tool_result",
            tool_use_id: "toolu_bdrk_01a",
            content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } }],
          },
        ],
      },
    ],
    tools: [tool("shot", {})],
  },
  "structured-output": ask("Who is it?", {
    output_config: { format: { type: "json_schema", schema: person } },
  }),
  "structured-output-beside-a-tool": ask("Call the tools weather", {
    tools: [tool("weather")],
    output_config: { format: { type: "json_schema", schema: person } },
  }),
  "stop-sequence": ask("Say: one, two, STOP, three", { stop_sequences: ["STOP"] }),
  "max-tokens": ask(`Say: ${"word ".repeat(40)}`, { max_tokens: 12 }),
};
