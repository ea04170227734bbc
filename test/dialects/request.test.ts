/** What passes the check of a Messages request; what does not is in test/proxy/bad-input-rows.ts. */
import { describe, expect, test } from "vitest";
import { readBetas } from "../../src/dialects/anthropic/betas.ts";
import { readCountTokensCall, readMessagesCall } from "../../src/dialects/anthropic/request.ts";
import { checkModelName } from "../../src/dialects/model-name.ts";
import type { Json, JsonObject } from "../../src/hub/json.ts";

const PNG = { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" };
const body = (...content: Json[]): JsonObject => ({
  model: "opus",
  max_tokens: 1,
  messages: [{ role: "user", content }],
});

describe("content that is nobody's business here", () => {
  test.each<[string, JsonObject]>([
    ["text", { type: "text", text: "" }],
    [
      "text with more",
      { type: "text", text: "x", cache_control: { type: "ephemeral", scope: "global" }, new: 1 },
    ],
    ["an image", { type: "image", source: PNG }],
    ["a data URL", { type: "image", source: { type: "url", url: "data:image/webp;base64,AAAA" } }],
    [
      "a PDF",
      { type: "document", source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" } },
    ],
    ["a text document", { type: "document", source: { type: "text", media_type: "text/plain", data: "x" } }],
    ["a document of blocks", { type: "document", source: { type: "content", content: "x" } }],
    ["a source of a kind to come", { type: "image", source: { type: "hologram" } }],
    ["thinking", { type: "thinking", thinking: "", signature: "" }],
    ["redacted thinking", { type: "redacted_thinking", data: "x" }],
    ["a tool call without input", { type: "tool_use", id: "t", name: "n" }],
    ["a tool result without content", { type: "tool_result", tool_use_id: "t" }],
    ["a tool result of text", { type: "tool_result", tool_use_id: "t", content: "x", is_error: true }],
    [
      "an image in a tool result",
      { type: "tool_result", tool_use_id: "t", content: [{ type: "image", source: PNG }] },
    ],
    [
      "a tool reference",
      { type: "tool_result", tool_use_id: "t", content: [{ type: "tool_reference", tool_name: "n" }] },
    ],
    ["a server tool's call", { type: "server_tool_use", id: "t", name: "web_search", input: {} }],
    ["a search result of a server tool", { type: "web_search_tool_result", tool_use_id: "t", content: [] }],
  ])("%s", (_, block) => {
    expect(readMessagesCall(body(block))).toEqual({ model: "opus", stream: false });
    expect(readCountTokensCall(body(block))).toEqual({ model: "opus" });
  });

  test.each<[string, JsonObject]>([
    ["roles", { messages: ["user", "assistant", "system"].map((role) => ({ role, content: "x" })) }],
    ["empty content", { messages: [{ role: "user", content: [] }] }],
    [
      "two users in a row",
      {
        messages: [
          { role: "user", content: "a" },
          { role: "user", content: "b" },
        ],
      },
    ],
    ["system", { system: "x" }],
    ["system blocks", { system: [{ type: "text", text: "x" }] }],
    ["no tools", { tools: null }],
    ["tools", { tools: [{ name: "a" }, {}] }],
    ["fields to come", { temperature: "hot", thinking: 5, tool_choice: [], metadata: "x", unheard_of: {} }],
    ["a float that is whole", { max_tokens: 1e3 }],
    ["a large max_tokens", { max_tokens: 10_000_000 }],
  ])("%s", (_, change) => {
    expect(readMessagesCall({ ...body({ type: "text", text: "x" }), ...change }).model).toBe("opus");
  });
});

test("stream is read, and needs no max_tokens to count", () => {
  expect(readMessagesCall({ ...body(), stream: true }).stream).toBe(true);
  expect(readCountTokensCall({ model: "opus", messages: [{ role: "user", content: "x" }] }).model).toBe(
    "opus",
  );
});

describe("betas", () => {
  test.each<[string | string[] | undefined, JsonObject, string[]]>([
    [undefined, {}, []],
    ["", {}, []],
    [" , ,", {}, []],
    ["a-1", {}, ["a-1"]],
    ["a-1,b-2, c-3 ,a-1", {}, ["a-1", "b-2", "c-3"]],
    [["a-1", "b-2,a-1"], {}, ["a-1", "b-2"]],
    ["a-1", { betas: ["b-2", "a-1"], anthropic_beta: ["c_3.x"] }, ["a-1", "b-2", "c_3.x"]],
    [undefined, { betas: "a-1" }, ["a-1"]],
    [undefined, { betas: [1, null, { a: 1 }, "a-1"], anthropic_beta: null }, ["a-1"]],
    [
      Array.from({ length: 100 }, (_, i) => `b${i}`).join(),
      {},
      Array.from({ length: 100 }, (_, i) => `b${i}`),
    ],
  ])("%j and %j", (header, json, expected) => expect(readBetas(header, json)).toEqual(expected));

  test.each(["a b", "a\tb", "a;b", "é", "a=1", "'", "x".repeat(129)])("%j is none", (name) => {
    expect(() => readBetas(name, {})).toThrow(/^anthropic-beta: /);
    expect(() => readBetas(undefined, { betas: [name] })).toThrow(/^anthropic-beta: /);
  });
});

describe("model names", () => {
  test.each([
    "opus",
    "claude-opus-4-6[1m]",
    "us.anthropic.claude-v1:0",
    "a/b@c",
    "x".repeat(128),
    "-",
    "__proto__",
  ])("%s", (name) => expect(() => checkModelName(name)).not.toThrow());
  test.each(["", " ", "a b", "a\n", "\na", "a\u0000", "é", "a?b", "a#b", "a%20b", "x".repeat(129)])(
    "%j is none",
    (name) => expect(() => checkModelName(name)).toThrow(/^model: must match/),
  );
});
