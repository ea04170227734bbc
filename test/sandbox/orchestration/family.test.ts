/** How strict the simulated orchestration service is: one line a refusal (protocol 4f.2). */
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import { sign } from "../../../src/sandbox/claude/signature.ts";
import { Refusal } from "../../../src/sandbox/refusal.ts";
import { call, judged } from "../../upstreams/orchestration-request.ts";

const user: JsonObject = { role: "user", content: "Hi." };

interface Change {
  name?: string;
  params?: JsonObject;
  prompt?: JsonObject;
  config?: JsonObject;
  top?: JsonObject;
  history?: Json;
}

function body({
  name = "gpt-4o",
  params = {},
  prompt = {},
  config = {},
  top = {},
  history = [],
}: Change): JsonObject {
  const model = { name, version: "latest", params };
  const prompt_templating = { prompt: { template: [user], ...prompt }, model };
  return { config: { modules: { prompt_templating }, ...config }, messages_history: history, ...top };
}

function complaint(change: Change): string {
  try {
    const answer = judged(body(change));
    return "body" in answer && answer.status >= 400 ? JSON.parse(String(answer.body)).error.message : "";
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

const CLAUDE = "anthropic--claude-4.5-sonnet";
const thought = (signature: string): JsonObject => ({
  role: "assistant",
  content: "x",
  reasoning_content: [{ content: "Hm.", signature }],
});
const tool = (parameters: JsonObject, type = "function"): JsonObject => ({
  type,
  function: { name: "f", parameters },
});

describe("accepts", () => {
  test.each<Change>([
    {},
    { config: { stream: { enabled: true, chunk_size: 64 } } },
    { name: CLAUDE, params: { reasoning_effort: "low" }, history: [thought(sign("Hm."))] },
    { prompt: { template: [{ role: "user", content: "{{?x}}" }] }, top: { placeholder_values: { x: "y" } } },
    { name: "gpt-5.5", params: { max_completion_tokens: 5, reasoning_effort: "low" } },
  ])("%j", (change) => {
    expect(complaint(change)).toBe("");
  });
});

describe("refuses", () => {
  const image = { type: "image_url", image_url: { url: "https://example.com/a.png" } };
  test.each<[Change, RegExp]>([
    [{ config: { stream: true } }, /True is not of type 'object' - 'config.stream'/],
    [{ config: { stream: { enabled: true, chunk_size: 0 } } }, /less than the minimum of 1/],
    [{ top: { messages: [] } }, /Additional properties are not allowed \('messages'/],
    [{ name: "gpt-5.3-codex" }, /Model gpt-5.3-codex not supported/],
    [{ prompt: { template: [] } }, /should be non-empty/],
    [{ prompt: { template: [{ role: "user", content: "{{?x}}" }] } }, /Unused parameters: \['x'\]/],
    [{ prompt: { template: [{ role: "user", content: "{{? x }}" }] } }, /Invalid placeholder/],
    [{ history: [{ role: "developer", content: "x" }] }, /'developer' is not one of/],
    [{ history: [{ role: "assistant", content: [] }] }, /\[\] is not of type 'string'/],
    [
      { history: [{ role: "assistant", content: null, tool_calls: [call("c")] }] },
      /None is not of type 'string'/,
    ],
    [
      { prompt: { tools: [tool({ type: "object" }, "custom")] } },
      /'custom' is not one of \['function'\] - .*tools\[0\].type'/,
    ],
    [{ prompt: { tools: [tool({ properties: {} })] } }, /None is not one of \['object'\]/],
    [{ params: { tool_choice: "auto" } }, /tool_choice is only allowed/],
    [{ params: { thinking: { type: "adaptive" } } }, /openai does not support parameters: \['thinking'\]/],
    [{ name: "gpt-5.5", params: { top_p: 1 } }, /does not support parameters: \['top_p'\]/],
    [{ name: "gpt-5.5", params: { temperature: 0.2 } }, /Only temperature=1 is supported/],
    [{ name: CLAUDE, params: { temperature: 1, top_p: 1 } }, /cannot both be specified/],
    [
      { name: CLAUDE, prompt: { response_format: { type: "json_object" } } },
      /anthropic does not support parameters: \['response_format'\]/,
    ],
    [{ name: "sonar-pro", prompt: { tools: [] } }, /perplexity does not support parameters: \['tools'\]/],
    [
      {
        name: "gemini-2.5-pro",
        params: { tool_choice: "auto" },
        prompt: { tools: [tool({ type: "object" })] },
      },
      /\['tool_choice'\]/,
    ],
    [{ name: CLAUDE, history: [{ role: "user", content: [image] }] }, /Only base64 data URLs/],
    [{ name: CLAUDE, history: [thought("forged")] }, /Invalid `signature`/],
    [
      { history: [{ role: "assistant", content: "", tool_calls: [call("c", "{")] }] },
      /Internal Server Error/,
    ],
    [{ history: [{ role: "assistant", content: "", tool_calls: [call("c")] }] }, /Not the same number/],
    [{ history: [{ role: "tool", tool_call_id: "c", content: "x" }] }, /Unexpected tool call id c/],
    [
      { history: [{ role: "tool", tool_call_id: "c", content: [{ type: "text", text: "x" }] }] },
      /must be a string .* Received: list/,
    ],
    [
      {
        name: "mistralai--mistral-medium",
        history: [{ role: "assistant", content: "", tool_calls: [call("c")] }],
      },
      /length of 9/,
    ],
    [
      { name: "mistralai--mistral-medium", prompt: { template: [{ role: "system", content: "x" }] } },
      /Last message must have role/,
    ],
  ])("%j", (change, words) => {
    expect(complaint(change)).toMatch(words);
  });

  test("and repeats the whole prompt, as the real one does", () => {
    const answer = judged(
      body({ name: CLAUDE, params: { seed: 1 }, history: [{ role: "user", content: "my secret" }] }),
    );
    expect("body" in answer && String(answer.body)).toContain("my secret");
  });
});
