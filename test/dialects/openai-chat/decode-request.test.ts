import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import type { HubRequest } from "../../../src/hub/messages.ts";
import { chat, PNG_URL } from "./frozen.ts";

function decode(members: JsonObject): { request: HubRequest; notes: string[] } {
  const notes: string[] = [];
  return { request: openaiChat.decodeRequest(chat(members), (text) => notes.push(text)), notes };
}

const SCHEMA = { type: "object", properties: { path: { type: "string" } } };
const read = { type: "function", function: { name: "read", description: "Reads.", parameters: SCHEMA } };
const write = { type: "function", function: { name: "write" } };
const READ = { name: "read", description: "Reads.", input_schema: SCHEMA };
const WRITE = { name: "write", input_schema: { type: "object", properties: {} } };
const single = { disable_parallel_tool_use: true };

describe("parameters", () => {
  const jsonSchema = { type: "json_schema", json_schema: { name: "out", schema: SCHEMA, strict: true } };
  test.each<[members: JsonObject, expected: JsonObject]>([
    [{ max_tokens: 10 }, { max_tokens: 10 }],
    [{ max_completion_tokens: 20, max_tokens: 10 }, { max_tokens: 20 }],
    [
      { temperature: 0, top_p: 0.5 },
      { temperature: 0, top_p: 0.5 },
    ],
    [{ temperature: null, stop: null, stream: false }, {}],
    [{ stream: true }, { stream: true }],
    [{ stop: "END" }, { stop_sequences: ["END"] }],
    [{ stop: ["A", "B", ""] }, { stop_sequences: ["A", "B"] }],
    [{ reasoning_effort: "none" }, { thinking: { type: "disabled" } }],
    [{ reasoning_effort: "low" }, { thinking: { type: "adaptive" }, output_config: { effort: "low" } }],
    [{ reasoning_effort: "huge" }, {}],
    [{ response_format: { type: "text" } }, {}],
    [{ response_format: { type: "json_object" } }, { output_config: { format: { type: "json_object" } } }],
    [
      { response_format: jsonSchema, reasoning_effort: "high" },
      {
        thinking: { type: "adaptive" },
        output_config: {
          effort: "high",
          format: { type: "json_schema", name: "out", schema: SCHEMA, strict: true },
        },
      },
    ],
    [{ n: 1 }, {}],
    [{ seed: 7, user: "u", logprobs: null }, { vendor: { openai: { seed: 7, user: "u" } } }],
    [{ stream_options: { include_usage: true } }, { vendor: { chat: { include_usage: true } } }],
    [{ stream_options: { include_usage: false } }, {}],
  ])("%j", (members, expected) => {
    const { request, notes } = decode(members);
    expect(request).toEqual({ model: "m", messages: [{ role: "user", content: "Hi" }], ...expected });
    expect(notes).toEqual([]);
  });

  test.each<[members: JsonObject, note: string]>([
    [{ n: 3 }, "n is left out: a request gets one answer"],
    [{ frobnicate: 1 }, "frobnicate is left out: it is not known"],
    [{ tools: [read, { type: "web_search" }] }, "tools of other types than function and custom are left out"],
    [{ messages: [{ role: "user", content: [{ type: "input_audio" }] }] }, "input_audio is left out"],
  ])("%j is told", (members, note) => {
    expect(decode(members).notes).toEqual([expect.stringContaining(note)]);
  });
});

describe("tools and their choice", () => {
  const named = (name: string) => ({ type: "function", function: { name } });
  const allowed = { mode: "required", tools: [named("write"), named("gone")] };
  test.each<[members: JsonObject, expected: JsonObject]>([
    [{ tools: [read, write] }, { tools: [READ, WRITE] }],
    [
      { tools: [read], tool_choice: "auto" },
      { tools: [READ], tool_choice: { type: "auto" } },
    ],
    [
      { tools: [read], tool_choice: "none" },
      { tools: [READ], tool_choice: { type: "none" } },
    ],
    [
      { tools: [read], tool_choice: "required" },
      { tools: [READ], tool_choice: { type: "any" } },
    ],
    [
      { tools: [read], tool_choice: named("read") },
      { tools: [READ], tool_choice: { type: "tool", name: "read" } },
    ],
    [{ tools: [read], tool_choice: { type: "odd" } }, { tools: [READ] }],
    [
      { tools: [read, write], tool_choice: { type: "allowed_tools", allowed_tools: allowed } },
      { tools: [WRITE], tool_choice: { type: "any" } },
    ],
    [{ tools: [read], parallel_tool_calls: true }, { tools: [READ] }],
    [
      { tools: [read], parallel_tool_calls: false },
      { tools: [READ], tool_choice: { type: "auto", ...single } },
    ],
    [
      { tools: [read], parallel_tool_calls: false, tool_choice: "none" },
      { tools: [READ], tool_choice: { type: "none" } },
    ],
    [{ tools: [], tool_choice: "auto", parallel_tool_calls: false }, {}],
    [
      { functions: [{ name: "write" }], function_call: { name: "write" } },
      {
        tools: [WRITE],
        tool_choice: { type: "tool", name: "write", ...single },
        vendor: { chat: { functions: true } },
      },
    ],
  ])("%j", (members, expected) => {
    expect(decode(members).request).toEqual({
      model: "m",
      messages: [{ role: "user", content: "Hi" }],
      ...expected,
    });
  });

  test("a free-form tool becomes a function of one text, and its grammar part of its description", () => {
    const format = { type: "grammar", grammar: { syntax: "lark", definition: "start: WORD" } };
    const { request } = decode({
      tools: [{ type: "custom", custom: { name: "patch", description: "Patches.", format } }],
    });
    expect(request.tools).toEqual([
      {
        name: "patch",
        description: "Patches.\n\nThe input follows this lark grammar:\nstart: WORD",
        input_schema: expect.objectContaining({ required: ["input"] }),
        origin: { custom: true },
      },
    ]);
  });
});

describe("messages", () => {
  const call = (id: string, args: Json) => ({
    id,
    type: "function",
    function: { name: "read", arguments: args },
  });
  const use = (id: string, input: JsonObject) => ({ type: "tool_use", id, name: "read", input });
  const asked = { role: "user", content: "Read." };
  const reasoned = { role: "assistant", content: "Yes", reasoning_content: "Hm" };
  const signed = {
    role: "assistant",
    content: "Yes",
    reasoning_content: [{ content: "Hm", signature: "s" }],
  };
  const custom = { id: "c", type: "custom", custom: { name: "patch", input: "*** Begin" } };
  const pdf = "data:application/pdf;base64,JVBERi0xLjQ=";

  test.each<[what: string, messages: JsonObject[], expected: JsonObject]>([
    [
      "instructions at the beginning, and later ones",
      [
        { role: "system", content: "A" },
        { role: "developer", content: [{ type: "text", text: "B" }] },
        asked,
        { role: "developer", content: "C" },
      ],
      {
        system: [
          { type: "text", text: "A" },
          { type: "text", text: "B" },
        ],
        messages: [asked, { role: "system", content: "C" }],
      },
    ],
    [
      "instructions alone",
      [
        { role: "system", content: "A" },
        { role: "system", content: "B" },
      ],
      { system: [{ type: "text", text: "A" }], messages: [{ role: "user", content: "B" }] },
    ],
    [
      "parts",
      [
        {
          role: "user",
          content: [
            { type: "text", text: "See" },
            { type: "image_url", image_url: { url: PNG_URL, detail: "high" } },
            { type: "image_url", image_url: "https://example.com/a.png" },
            { type: "file", file: { file_data: pdf, filename: "a.pdf" } },
            { type: "file", file: { file_data: "data:text/markdown;base64,SGk=" } },
          ],
        },
      ],
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "See" },
              { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } },
              { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
              {
                type: "document",
                title: "a.pdf",
                source: { type: "base64", media_type: "application/pdf", data: "JVBERi0xLjQ=" },
              },
              { type: "document", source: { type: "text", media_type: "text/plain", data: "Hi" } },
            ],
          },
        ],
      },
    ],
    [
      "parallel calls and their results, text or parts",
      [
        asked,
        { role: "assistant", content: "", tool_calls: [call("a", '{"path":"x"}'), call("b", "")] },
        { role: "tool", tool_call_id: "a", content: "1" },
        { role: "tool", tool_call_id: "b", content: [{ type: "text", text: "2" }] },
        { role: "user", content: "Go on." },
      ],
      {
        messages: [
          asked,
          { role: "assistant", content: [use("a", { path: "x" }), use("b", {})] },
          {
            role: "user",
            content: [
              { type: "tool_result", tool_use_id: "a", content: "1" },
              { type: "tool_result", tool_use_id: "b", content: [{ type: "text", text: "2" }] },
            ],
          },
          { role: "user", content: "Go on." },
        ],
      },
    ],
    [
      "arguments that are no JSON, and such that are no text",
      [
        asked,
        { role: "assistant", content: null, tool_calls: [call("a", "{oops"), call("b", { path: "x" })] },
      ],
      {
        messages: [
          asked,
          { role: "assistant", content: [use("a", { input: "{oops" }), use("b", { path: "x" })] },
        ],
      },
    ],
    [
      "a free-form call",
      [asked, { role: "assistant", content: null, tool_calls: [custom] }],
      {
        messages: [
          asked,
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "c", name: "patch", input: { input: "*** Begin" } }],
          },
        ],
      },
    ],
    [
      "the form before tools",
      [
        asked,
        { role: "assistant", content: null, function_call: { name: "read", arguments: "{}" } },
        { role: "function", name: "read", content: "1" },
      ],
      {
        messages: [
          asked,
          { role: "assistant", content: [use("call_function1", {})] },
          { role: "user", content: [{ type: "tool_result", tool_use_id: "call_function1", content: "1" }] },
        ],
      },
    ],
    [
      "reasoning without a signature, which is worth nothing",
      [asked, reasoned],
      { messages: [asked, { role: "assistant", content: [{ type: "text", text: "Yes" }] }] },
    ],
    [
      "reasoning with a signature",
      [asked, signed],
      {
        messages: [
          asked,
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "Hm", signature: "s" },
              { type: "text", text: "Yes" },
            ],
          },
        ],
      },
    ],
    [
      "a refusal, and a message of nothing",
      [asked, { role: "assistant", content: null, refusal: "No." }, { role: "assistant", content: "" }],
      { messages: [asked, { role: "assistant", content: [{ type: "text", text: "No." }] }] },
    ],
  ])("%s", (_what, messages, expected) => {
    expect(decode({ messages }).request).toEqual({ model: "m", ...expected });
  });
});
