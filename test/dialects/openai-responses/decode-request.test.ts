import { describe, expect, test } from "vitest";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import { ApiError } from "../../../src/errors.ts";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import type { HubRequest } from "../../../src/hub/messages.ts";
import { frozen, PDF, PNG, PNG_URL } from "../openai-chat/frozen.ts";

function decode(members: { [key: string]: Json }): { request: HubRequest; notes: string[] } {
  const notes: string[] = [];
  const body: JsonObject = frozen({ model: "m", input: "Hi", ...members });
  return { request: openaiResponses.decodeRequest(body, (text) => notes.push(text)), notes };
}
const messagesOf = (...input: Json[]) => decode({ input }).request.messages;

const text = (text: string) => ({ type: "text", text });
const user = (...content: unknown[]) => ({ role: "user", content });
const assistant = (...content: unknown[]) => ({ role: "assistant", content });
const use = (id: string, name = "f", input: JsonObject = {}) => ({ type: "tool_use", id, name, input });
const result = (tool_use_id: string, content: unknown) => ({ type: "tool_result", tool_use_id, content });
const call = (call_id: string, members: JsonObject = {}) => ({
  type: "function_call",
  call_id,
  name: "f",
  arguments: "{}",
  ...members,
});
const output = (call_id: string, output: Json = "1") => ({ type: "function_call_output", call_id, output });
const said = (text: string) => ({
  type: "message",
  role: "assistant",
  content: [{ type: "output_text", text, annotations: [] }],
});
const thought = (members: JsonObject): JsonObject => ({
  type: "reasoning",
  id: "rs_1",
  summary: [{ type: "summary_text", text: "Hm" }],
  ...members,
});

describe("parameters", () => {
  test.each<[members: { [key: string]: Json }, expected: Partial<HubRequest>]>([
    [{}, {}],
    [{ stream: true }, { stream: true }],
    [
      { stream: null, max_output_tokens: null, temperature: null, tools: null, text: null, reasoning: null },
      {},
    ],
    [
      { max_output_tokens: 9, temperature: 0, top_p: 0.5 },
      { max_tokens: 9, temperature: 0, top_p: 0.5 },
    ],
    [{ instructions: "Be brief." }, { system: [{ type: "text", text: "Be brief." }] }],
    [{ reasoning: { effort: "none" } }, { thinking: { type: "disabled" } }],
    [
      { reasoning: { effort: "high", summary: "auto" } },
      { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
    ],
    [{ reasoning: { summary: "detailed" } }, { thinking: { type: "adaptive" } }],
    [{ reasoning: { effort: null, summary: null } }, {}],
    [{ text: { format: { type: "text" } } }, {}],
    [{ text: { format: { type: "json_object" } } }, { output_config: { format: { type: "json_object" } } }],
    [
      {
        text: {
          format: { type: "json_schema", name: "n", strict: true, schema: { type: "object" } },
          verbosity: "low",
        },
      },
      {
        output_config: {
          format: { type: "json_schema", name: "n", strict: true, schema: { type: "object" } },
        },
        vendor: { openai: { verbosity: "low" } },
      },
    ],
    [
      { user: "u", service_tier: "flex", metadata: { a: "b" } },
      { vendor: { openai: { user: "u", service_tier: "flex", metadata: { a: "b" } } } },
    ],
    [
      {
        store: true,
        include: [],
        truncation: "auto",
        client_metadata: {},
        stream_options: {},
        background: false,
      },
      {},
    ],
  ])("%j", (members, expected) => {
    const { request, notes } = decode(members);
    expect(request).toEqual({ model: "m", messages: [{ role: "user", content: "Hi" }], ...expected });
    expect(notes).toEqual([]);
  });

  test.each<[members: { [key: string]: Json }, note: string]>([
    [{ background: true }, "background is left out: the answer is given in this request"],
    [{ max_tool_calls: 3 }, "max_tool_calls is left out: no tools run on the host"],
    [{ novel: 1 }, "novel is left out: it is not known"],
    [
      { input: [{ type: "novelty" }, said("A")] },
      "input items of type novelty are left out: no other host knows them",
    ],
    [{ tools: [{ type: "mcp", server_label: "s" }] }, "the tool mcp is left out: only OpenAI itself runs it"],
  ])("left out with a note: %j", (members, note) => {
    const { request, notes } = decode(members);
    expect(notes).toEqual([note]);
    expect(request.vendor).toBeUndefined();
  });

  test.each([["previous_response_id"], ["conversation"]])("%s is refused, naming the model", (field) => {
    const attempt = () => decode({ [field]: "resp_1" });
    expect(attempt).toThrow(`${field}: 'm' does not store responses here.`);
    expect(attempt).toThrow(ApiError);
  });
});

const FUNCTION = {
  type: "function",
  name: "f",
  parameters: { type: "object", properties: {} },
  strict: true,
};
const CUSTOM = { type: "custom", name: "c" };
const SPACE = { type: "namespace", name: "ns", tools: [{ ...FUNCTION, name: "g" }] };

describe("tools", () => {
  test.each<[choice: Json, expected: Partial<HubRequest>["tool_choice"]]>([
    ["auto", { type: "auto" }],
    ["none", { type: "none" }],
    ["required", { type: "any" }],
    [
      { type: "function", name: "f" },
      { type: "tool", name: "f" },
    ],
    [
      { type: "custom", name: "c" },
      { type: "tool", name: "c" },
    ],
    [
      { type: "function", name: "g", namespace: "ns" },
      { type: "tool", name: "ns__g" },
    ],
    [{ type: "function", name: "gone" }, undefined],
    [{ type: "web_search" }, undefined],
  ])("the choice %j", (tool_choice, expected) => {
    const { request } = decode({ tools: [FUNCTION, CUSTOM, SPACE], tool_choice });
    expect(request.tool_choice).toEqual(expected);
    expect(request.tools?.map(({ name }) => name)).toEqual(["f", "c", "ns__g"]);
  });

  test("allowed_tools leaves only those", () => {
    const allowed = { type: "allowed_tools", mode: "required", tools: [{ type: "custom", name: "c" }] };
    const { request } = decode({
      tools: [FUNCTION, CUSTOM],
      tool_choice: allowed,
      parallel_tool_calls: false,
    });
    expect(request.tools?.map(({ name }) => name)).toEqual(["c"]);
    expect(request.tool_choice).toEqual({ type: "any", disable_parallel_tool_use: true });
  });

  test("what a search found is declared, each tool once", () => {
    const found = { type: "tool_search_output", call_id: "s", tools: [SPACE, SPACE] };
    const { request, notes } = decode({
      input: [{ type: "message", role: "user", content: "Hi" }, found],
      tools: [SPACE],
    });
    expect(request.tools?.map(({ name }) => name)).toEqual(["ns__g"]);
    expect(notes).toEqual([]);
  });

  test("a choice without tools is dropped", () => {
    expect(decode({ tool_choice: "required", tools: [{ type: "web_search" }] }).request).not.toHaveProperty(
      "tool_choice",
    );
  });
});

describe("items", () => {
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } };

  test.each<[what: string, input: Json[], expected: unknown[]]>([
    ["a message without type", [{ role: "user", content: "Hi" }], [{ role: "user", content: "Hi" }]],
    [
      "parts",
      [
        {
          role: "user",
          content: [
            { type: "input_text", text: "A" },
            { type: "text", text: "B" },
            { type: "input_text", text: "" },
            { type: "input_image", image_url: PNG_URL, detail: "low" },
            { type: "input_image", image_url: "https://x.test/a.png" },
            { type: "input_file", filename: "a.pdf", file_data: `data:application/pdf;base64,${PDF}` },
            { type: "input_file", file_data: "data:text/plain;base64,SGk=" },
            { type: "input_novelty" },
          ],
        },
      ],
      [
        user(
          text("A"),
          text("B"),
          image,
          { type: "image", source: { type: "url", url: "https://x.test/a.png" } },
          {
            type: "document",
            title: "a.pdf",
            source: { type: "base64", media_type: "application/pdf", data: PDF },
          },
          { type: "document", source: { type: "text", media_type: "text/plain", data: "Hi" } },
        ),
      ],
    ],
    [
      "a refusal is said",
      [{ role: "assistant", content: [{ type: "refusal", refusal: "No." }] }],
      [assistant(text("No."))],
    ],
    [
      "calls and what is said are one turn",
      [said("A"), call("a"), call("b"), output("a"), output("b", "2")],
      [assistant(text("A"), use("a"), use("b")), user(result("a", "1"), result("b", "2"))],
    ],
    [
      "a result ends the turn",
      [call("a"), output("a"), call("b"), output("b")],
      [assistant(use("a")), user(result("a", "1")), assistant(use("b")), user(result("b", "1"))],
    ],
    [
      "a result stands behind its call",
      [call("a"), { role: "user", content: "Wait" }, output("a")],
      [assistant(use("a")), user(result("a", "1")), { role: "user", content: "Wait" }],
    ],
    [
      "an orphan is the user's word",
      [output("gone", "42")],
      [user(text("Result of an earlier tool call:"), text("42"))],
    ],
    [
      "a second result is the user's word",
      [call("a"), output("a"), output("a", "2")],
      [assistant(use("a")), user(result("a", "1")), user(text("Result of an earlier tool call:"), text("2"))],
    ],
    [
      "arguments that are no JSON",
      [call("a", { arguments: "{oops" })],
      [assistant(use("a", "f", { input: "{oops" }))],
    ],
    ["arguments as an object", [call("a", { arguments: { x: 1 } })], [assistant(use("a", "f", { x: 1 }))]],
    ["an old call in a namespace", [call("a", { namespace: "ns" })], [assistant(use("a", "ns__f"))]],
    [
      "a local shell",
      [
        { type: "local_shell_call", id: "lsh_1", call_id: "a", action: { command: ["ls"] } },
        { type: "local_shell_call_output", id: "a", output: "a.txt" },
      ],
      [assistant(use("a", "local_shell", { command: ["ls"] })), user(result("a", "a.txt"))],
    ],
    [
      "an output of a hosted tool",
      [
        { type: "shell_call", call_id: "a", action: { commands: ["ls"] } },
        { type: "shell_call_output", call_id: "a", output: [{ stdout: "x" }] },
      ],
      [assistant(use("a", "shell", { commands: ["ls"] })), user(result("a", '[{"stdout":"x"}]'))],
    ],
    [
      "no output",
      [call("a"), { type: "function_call_output", call_id: "a", output: null }],
      [assistant(use("a")), user(result("a", ""))],
    ],
    [
      "later instructions stay",
      [{ role: "user", content: "A" }, { role: "developer", content: "B" }, said("C")],
      [{ role: "user", content: "A" }, { role: "system", content: "B" }, assistant(text("C"))],
    ],
    [
      "nothing but instructions",
      [
        { role: "developer", content: "A" },
        { role: "developer", content: "B" },
      ],
      [{ role: "user", content: "B" }],
    ],
    [
      "an empty message",
      [
        { role: "assistant", content: null },
        { role: "user", content: "A" },
      ],
      [{ role: "user", content: "A" }],
    ],
  ])("%s", (_what, input, expected) => {
    expect(messagesOf(...input)).toEqual(expected);
  });

  test.each([
    "compaction",
    "compaction_trigger",
    "computer_call",
    "file_search_call",
    "function_call",
    "image_generation_call",
    "item_reference",
    "mcp_approval_request",
    "mcp_call",
    "mcp_list_tools",
    "tool_search_call",
    "web_search_call",
    "some_day",
  ])("%s vanishes with a note", (type) => {
    const { request, notes } = decode({
      input: [{ role: "user", content: "A" }, { type, id: "x_1" }, said("B")],
    });
    expect(request.messages).toHaveLength(2);
    expect(notes).toHaveLength(1);
  });
});

describe("thoughts", () => {
  test.each<[what: string, item: JsonObject, expected: unknown[]]>([
    [
      "Claude's",
      thought({ encrypted_content: "claude.c2ln" }),
      [{ type: "thinking", thinking: "Hm", signature: "c2ln" }],
    ],
    [
      "one that Claude sealed",
      thought({ encrypted_content: "claude.redacted.ZGF0YQ==", summary: [] }),
      [{ type: "redacted_thinking", data: "ZGF0YQ==" }],
    ],
    [
      "Gemini's",
      thought({ encrypted_content: "aicore.gemini.Zw==" }),
      [{ type: "thinking", thinking: "Hm", signature: "aicore.gemini.Zw==" }],
    ],
    [
      "GPT's own",
      thought({ encrypted_content: "gAAA" }),
      [{ type: "thinking", thinking: "Hm", signature: "aicore.responses.rs_1:gAAA" }],
    ],
    ["one that nobody sealed", thought({}), []],
    ["one with null", thought({ encrypted_content: null }), []],
  ])("%s", (_what, item, expected) => {
    expect(messagesOf(item, call("a"))).toEqual([assistant(...expected, use("a"))]);
  });

  test("one that led to nothing is left out", () => {
    const messages = messagesOf(
      { role: "user", content: "A" },
      thought({ encrypted_content: "claude.c2ln" }),
      { role: "user", content: "B" },
    );
    expect(messages).toEqual([
      { role: "user", content: "A" },
      { role: "user", content: "B" },
    ]);
  });
});
