import { describe, expect, test } from "vitest";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import type { JsonObject } from "../../../src/hub/json.ts";
import type { Block, HubMessage, HubRequest } from "../../../src/hub/messages.ts";
import { hub, PDF, PNG, PNG_URL, target } from "../openai-chat/frozen.ts";

function encode(members: Partial<HubRequest>): { body: JsonObject; notes: string[] } {
  const to = target();
  return { body: openaiResponses.encodeRequest(hub(members), to), notes: to.notes };
}
const inputOf = (...messages: HubMessage[]) => encode({ messages }).body.input;

const text = (text: string): Block => ({ type: "text", text });
const image: Block = { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } };
const use = (id: string): Block => ({ type: "tool_use", id, name: "f", input: { a: 1 } });
const result = (id: string, content: string | Block[]): Block => ({
  type: "tool_result",
  tool_use_id: id,
  content,
});
const TOOL = { name: "f", description: "Does.", input_schema: { type: "object", properties: {} } };
const SENT = {
  type: "function",
  name: "f",
  description: "Does.",
  parameters: TOOL.input_schema,
  strict: false,
};
const SEALED = ["reasoning.encrypted_content"];

describe("parameters", () => {
  test.each<[members: Partial<HubRequest>, expected: JsonObject]>([
    [{}, {}],
    [
      { stream: true, max_tokens: 9, temperature: 0, top_p: 1 },
      { stream: true, max_output_tokens: 9, temperature: 0, top_p: 1 },
    ],
    [{ system: "Be brief." }, { instructions: "Be brief." }],
    [
      {
        system: [
          { type: "text", text: "A" },
          { type: "text", text: "B" },
        ],
      },
      { instructions: "A\n\nB" },
    ],
    [{ thinking: { type: "adaptive" } }, { reasoning: { summary: "auto" }, include: SEALED }],
    [
      { thinking: { type: "enabled", budget_tokens: 8192 } },
      { reasoning: { effort: "medium", summary: "auto" }, include: SEALED },
    ],
    [
      { output_config: { effort: "max" } },
      { reasoning: { effort: "xhigh", summary: "auto" }, include: SEALED },
    ],
    [{ thinking: { type: "disabled" } }, { reasoning: { effort: "none" } }],
    [{ output_config: { format: { type: "json_object" } } }, { text: { format: { type: "json_object" } } }],
    [
      {
        output_config: { format: { type: "json_schema", schema: {} } },
        vendor: { openai: { verbosity: "low", user: "u", store: true } },
      },
      { text: { format: { type: "json_schema", name: "answer", schema: {} }, verbosity: "low" }, user: "u" },
    ],
    [
      { tools: [TOOL], tool_choice: { type: "any", disable_parallel_tool_use: true } },
      { tools: [SENT], tool_choice: "required", parallel_tool_calls: false },
    ],
    [
      { tools: [TOOL], tool_choice: { type: "tool", name: "f" } },
      { tools: [SENT], tool_choice: { type: "function", name: "f" } },
    ],
    [{ tools: [TOOL], tool_choice: { type: "tool", name: "gone" } }, { tools: [SENT] }],
    [{ tool_choice: { type: "any" } }, {}],
  ])("%j", (members, expected) => {
    const { body, notes } = encode(members);
    const input = [{ type: "message", role: "user", content: "Hi" }];
    expect(body).toEqual({ model: "gpt-4o", input, store: false, ...expected });
    expect(notes).toEqual([]);
  });

  test.each<[members: Partial<HubRequest>, note: string]>([
    [{ stop_sequences: ["A"] }, "stop_sequences is left out: the Responses API does not know it"],
    [{ top_k: 5 }, "top_k is left out: the Responses API does not know it"],
    [{ vendor: { openai: { seed: 1 } } }, "seed is left out: the Responses API does not know it"],
    [
      { vendor: { gemini: { safetySettings: [] } } },
      "safetySettings is left out: the Responses API does not know it",
    ],
    [
      { tools: [{ ...TOOL, type: "web_search_20250305" }] },
      "tool web_search_20250305 is left out: only Claude knows it",
    ],
  ])("left out with a note: %j", (members, note) => {
    expect(encode(members).notes).toEqual([note]);
  });
});

describe("items", () => {
  const own: Block = { type: "thinking", thinking: "Hm", signature: "aicore.responses.rs_1:gAAA" };

  test("a turn with thoughts, texts and calls, and its results", () => {
    const input = inputOf(
      { role: "assistant", content: [own, text("A"), text("B"), use("a"), use("b")] },
      { role: "user", content: [text("Then"), result("a", "1"), result("b", [text("2"), image])] },
      { role: "system", content: "Be brief." },
    );
    expect(input).toEqual([
      {
        type: "reasoning",
        id: "rs_1",
        summary: [{ type: "summary_text", text: "Hm" }],
        encrypted_content: "gAAA",
      },
      {
        type: "message",
        role: "assistant",
        content: [
          { type: "output_text", text: "A" },
          { type: "output_text", text: "B" },
        ],
      },
      { type: "function_call", call_id: "a", name: "f", arguments: '{"a":1}' },
      { type: "function_call", call_id: "b", name: "f", arguments: '{"a":1}' },
      { type: "function_call_output", call_id: "a", output: "1" },
      {
        type: "function_call_output",
        call_id: "b",
        output: [
          { type: "input_text", text: "2" },
          { type: "input_image", image_url: PNG_URL },
        ],
      },
      { type: "message", role: "user", content: [{ type: "input_text", text: "Then" }] },
      { type: "message", role: "developer", content: "Be brief." },
    ]);
  });

  test.each<[what: string, thought: Block]>([
    ["Claude's", { type: "thinking", thinking: "Hm", signature: "c2ln" }],
    ["Gemini's", { type: "thinking", thinking: "Hm", signature: "aicore.gemini.Zw==" }],
    ["nobody's", { type: "thinking", thinking: "Hm" }],
    ["one that Claude sealed", { type: "redacted_thinking", data: "x" }],
  ])("a foreign thought is dropped: %s", (_what, thought) => {
    expect(inputOf({ role: "assistant", content: [thought, use("a")] })).toMatchObject([
      { type: "function_call" },
    ]);
  });

  test("documents and URLs", () => {
    const input = inputOf({
      role: "user",
      content: [
        { type: "image", source: { type: "url", url: "https://x.test/a.png" } },
        { type: "document", source: { type: "base64", media_type: "application/pdf", data: PDF } },
        { type: "document", title: "a.pdf", source: { type: "url", url: "https://x.test/a.pdf" } },
        { type: "document", title: "a.txt", source: { type: "text", media_type: "text/plain", data: "Hi" } },
      ],
    });
    expect(input).toMatchObject([
      {
        content: [
          { type: "input_image", image_url: "https://x.test/a.png" },
          { type: "input_file", filename: "document.pdf", file_data: `data:application/pdf;base64,${PDF}` },
          { type: "input_file", filename: "a.pdf", file_url: "https://x.test/a.pdf" },
          { type: "input_text", text: "a.txt\n\nHi" },
        ],
      },
    ]);
  });

  test("a block of Anthropic's tools is left out with a note, or told inside a result", () => {
    const search = { type: "web_search_tool_result", content: [] } as unknown as Block;
    const reference = { type: "tool_reference", tool_name: "f" } as unknown as Block;
    const { body, notes } = encode({
      messages: [
        { role: "assistant", content: [search, use("a")] },
        { role: "user", content: [result("a", [reference])] },
      ],
    });
    expect(body.input).toMatchObject([{ type: "function_call" }, { output: "The tool f is available." }]);
    expect(notes).toEqual([
      "web_search_tool_result blocks are left out: the Responses API has no place for them",
    ]);
  });
});
