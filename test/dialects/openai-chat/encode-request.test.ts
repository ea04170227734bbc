import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import type { JsonObject } from "../../../src/hub/json.ts";
import type { HubRequest } from "../../../src/hub/messages.ts";
import { hub, target } from "./frozen.ts";

const SCHEMA = { type: "object", properties: {} };
const READ = {
  name: "read",
  description: "Reads.",
  input_schema: SCHEMA,
  cache_control: { type: "ephemeral" },
} as const;
const read = { type: "function", function: { name: "read", description: "Reads.", parameters: SCHEMA } };

function encode(members: Partial<HubRequest>): { body: JsonObject; notes: string[] } {
  const to = target();
  return { body: openaiChat.encodeRequest(hub(members), to), notes: to.notes };
}

test.each<[members: Partial<HubRequest>, expected: JsonObject]>([
  [{}, {}],
  [
    { max_tokens: 10, temperature: 0, top_p: 0.5 },
    { max_tokens: 10, temperature: 0, top_p: 0.5 },
  ],
  [{ stream: true }, { stream: true, stream_options: { include_usage: true } }],
  [{ stream: false }, {}],
  [{ stop_sequences: ["A"] }, { stop: ["A"] }],
  [{ stop_sequences: [] }, {}],
  [{ tools: [READ] }, { tools: [read] }],
  [
    { tools: [READ], tool_choice: { type: "auto" } },
    { tools: [read], tool_choice: "auto" },
  ],
  [
    { tools: [READ], tool_choice: { type: "any" } },
    { tools: [read], tool_choice: "required" },
  ],
  [
    { tools: [READ], tool_choice: { type: "none" } },
    { tools: [read], tool_choice: "none" },
  ],
  [
    { tools: [READ], tool_choice: { type: "tool", name: "read", disable_parallel_tool_use: true } },
    {
      tools: [read],
      tool_choice: { type: "function", function: { name: "read" } },
      parallel_tool_calls: false,
    },
  ],
  [{ tools: [READ], tool_choice: { type: "tool", name: "gone" } }, { tools: [read] }],
  [{ tools: [], tool_choice: { type: "auto", disable_parallel_tool_use: true } }, {}],
  [{ thinking: { type: "disabled" } }, { reasoning_effort: "none" }],
  [{ thinking: { type: "adaptive" } }, {}],
  [{ thinking: { type: "adaptive" }, output_config: { effort: "max" } }, { reasoning_effort: "xhigh" }],
  [{ output_config: { effort: "medium" } }, { reasoning_effort: "medium" }],
  [{ thinking: { type: "enabled", budget_tokens: 1024 } }, { reasoning_effort: "minimal" }],
  [{ thinking: { type: "enabled", budget_tokens: 4000 } }, { reasoning_effort: "low" }],
  [{ thinking: { type: "enabled", budget_tokens: 8192 } }, { reasoning_effort: "medium" }],
  [{ thinking: { type: "enabled", budget_tokens: 31_999 } }, { reasoning_effort: "high" }],
  [{ output_config: { format: { type: "json_object" } } }, { response_format: { type: "json_object" } }],
  [
    { output_config: { format: { type: "json_schema", schema: SCHEMA } } },
    { response_format: { type: "json_schema", json_schema: { name: "answer", schema: SCHEMA } } },
  ],
  [
    { output_config: { format: { type: "json_schema", schema: SCHEMA, name: "out", strict: true } } },
    { response_format: { type: "json_schema", json_schema: { name: "out", schema: SCHEMA, strict: true } } },
  ],
  [{ vendor: { openai: { seed: 7 }, chat: { include_usage: true } } }, { seed: 7 }],
])("%j", (members, expected) => {
  const { body, notes } = encode(members);
  expect(body).toEqual({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }], ...expected });
  expect(notes).toEqual([]);
});

describe("what chat can not say is told", () => {
  test.each<[members: Partial<HubRequest>, note: string, expected: JsonObject]>([
    [{ top_k: 5 }, "top_k is left out", {}],
    [{ vendor: { openai: { truncation: "auto" } } }, "truncation is left out", {}],
    [{ vendor: { gemini: { safetySettings: [] } } }, "safetySettings is left out", {}],
    [
      { stop_sequences: ["1", "2", "3", "4", "5"] },
      "stop_sequences after the 4th",
      { stop: ["1", "2", "3", "4"] },
    ],
    [
      { tools: [{ ...READ, type: "web_search_20250305" }], tool_choice: { type: "auto" } },
      "tool web_search_20250305 is left out",
      {},
    ],
  ])("%j", (members, note, expected) => {
    const { body, notes } = encode(members);
    expect(notes).toEqual([expect.stringContaining(note)]);
    expect(body).toEqual({ model: "gpt-4o", messages: [{ role: "user", content: "Hi" }], ...expected });
  });
});
