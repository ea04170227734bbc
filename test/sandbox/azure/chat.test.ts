/** Azure's chat in the sandbox: what it refuses, and how it answers (protocol 4b.2, 4b.3). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/hub/json.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { Client, type Reply } from "../client.ts";

const HELLO: JsonObject[] = [{ role: "user", content: "Hello." }];
const PATH = "/chat/completions?api-version=2025-04-01-preview";
const tool = (name: string): JsonObject => ({
  type: "function",
  function: { name, parameters: { type: "object", properties: { command: { type: "string" } } } },
});
const calling: JsonObject = {
  role: "assistant",
  content: null,
  tool_calls: [{ id: "a", type: "function", function: { name: "bash", arguments: "{}" } }],
};
const result: JsonObject = { role: "tool", tool_call_id: "a", content: "done" };

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox({
    deployments: ["gpt-5.5", "gpt-5", "gpt-4.1", "gpt-5.3-codex"].map((model) => ({
      id: `d-${model}`,
      model,
    })),
  });
  client = await Client.of(sandbox);
});
afterAll(() => sandbox.close());

const chat = (body: JsonObject, model = "gpt-4.1", path = PATH): Promise<Reply> =>
  client.call(`/inference/deployments/d-${model}${path}`, {
    method: "POST",
    body: { messages: HELLO, ...body },
  });

describe("refusals", () => {
  test.each<[string, JsonObject, string, string?]>([
    ["an unknown key", { beta: 1 }, "Unknown parameter: 'beta'."],
    [
      "an unknown key of a message",
      { messages: [{ ...HELLO[0], cache_control: {} }] },
      "Unknown parameter: 'messages[0].cache_control'.",
    ],
    ["no messages", { messages: [] }, "empty array"],
    ["empty content", { messages: [{ role: "user", content: [] }] }, "empty array"],
    ["an unknown role", { messages: [{ role: "function", content: "x" }] }, "Invalid value: 'function'"],
    ["no answer to a call", { messages: [...HELLO, calling, ...HELLO] }, "did not have response messages: a"],
    ["no answer at the end", { messages: [...HELLO, calling] }, "did not have response messages: a"],
    [
      "a text in between",
      { messages: [...HELLO, calling, { role: "assistant", content: "x" }, result] },
      "did not have response messages",
    ],
    ["an answer to nothing", { messages: [...HELLO, result] }, "must be a response to a preceeding message"],
    ["empty tools", { tools: [] }, "empty array"],
    ["a choice without tools", { tool_choice: "auto" }, "only allowed when 'tools' are specified"],
    [
      "a choice of nothing",
      { tools: [tool("a")], tool_choice: { type: "function", function: { name: "b" } } },
      "no function named 'b'",
    ],
    ["a bad tool name", { tools: [tool("a b")] }, "does not match pattern"],
    [
      "stream options without a stream",
      { stream_options: { include_usage: true } },
      "only allowed when 'stream' is enabled",
    ],
    ["too many tokens", { max_tokens: 40_000 }, "supports at most 32768"],
    ["max_tokens", { max_tokens: 5 }, "Use 'max_completion_tokens' instead", "gpt-5"],
    ["both limits", { max_tokens: 5, max_completion_tokens: 5 }, "at the same time"],
    ["a temperature", { temperature: 0.5 }, "Only the default (1) value is supported", "gpt-5"],
    ["top_p", { top_p: 0.5 }, "Unsupported parameter: 'top_p'", "gpt-5"],
    ["an effort that it does not know", { reasoning_effort: "xhigh" }, "does not support 'xhigh'", "gpt-5"],
    ["any effort", { reasoning_effort: "low" }, "Unsupported parameter: 'reasoning_effort'"],
    [
      "an effort beside tools",
      { reasoning_effort: "low", tools: [tool("a")] },
      "Please use /v1/responses instead",
      "gpt-5.5",
    ],
    [
      "JSON that nobody mentions",
      { response_format: { type: "json_object" } },
      "must contain the word 'json'",
    ],
    ["a model without chat", {}, "does not work with the specified model", "gpt-5.3-codex"],
  ])("%s", async (_name, body, message, model) => {
    const { status, json } = await chat(body, model);
    expect(json).toMatchObject({ error: { message: expect.stringContaining(message) } });
    expect(status).toBe(400);
    expect(sandbox.refused.at(-1)?.refusal).toContain(message);
  });

  test.each(["/chat/completions", "/chat/completions?api-version=x"])("%s", async (path) => {
    expect((await chat({}, "gpt-4.1", path)).status).toBe(404);
  });
});

describe("answers", () => {
  test("a stream as SAP frames it", async () => {
    const { text } = await chat({ stream: true, stream_options: { include_usage: true } });
    const frames = text.trimEnd().split("\n\n");
    const [first, ...rest] = frames.slice(0, -1).map((frame) => JSON.parse(frame.replace(/^data: /, "")));
    expect(text).not.toMatch(/^event:/m);
    expect(first).toMatchObject({ choices: [], id: "", model: "", prompt_filter_results: [{}] });
    expect(rest[0].choices[0].content_filter_results).toBeDefined();
    expect(rest.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens_details: { cached_tokens: 0 } },
    });
    expect(frames.at(-1)).toBe("data: [DONE]");
  });

  test("usage only when asked", async () => {
    expect((await chat({ stream: true })).text).not.toContain("usage");
  });

  test("parallel calls, their arguments interleaved", async () => {
    const messages = [{ role: "user", content: "Call the tools one and two." }];
    const { json } = await chat({ messages, tools: [tool("one"), tool("two")] });
    expect(json).toMatchObject({
      choices: [{ finish_reason: "tool_calls", message: { content: null, tool_calls: [{}, {}] } }],
    });
    const { text } = await chat({ messages, tools: [tool("one"), tool("two")], stream: true });
    const order = [...text.matchAll(/"tool_calls":\[\{"index":(\d),"function"/g)].map((match) => match[1]);
    expect(order.slice(0, 4)).toEqual(["0", "1", "0", "1"]);
  });

  test("a tool's result is retold, thought is counted", async () => {
    const messages = [...HELLO, calling, { ...result, content: "NONCE_1f" }];
    const { json } = await chat({ messages, tools: [tool("bash")] }, "gpt-5");
    expect(JSON.stringify(json.choices)).toContain("NONCE_1f");
    expect(json).toMatchObject({
      usage: { completion_tokens_details: { reasoning_tokens: expect.any(Number) } },
    });
    expect(JSON.stringify(json)).not.toContain('"reasoning_tokens":0');
  });

  test("the prefix of an earlier request is cached, by its key", async () => {
    const messages = [{ role: "system", content: "x".repeat(400) }, ...HELLO];
    const cached = async (key: string) =>
      JSON.stringify((await chat({ messages, prompt_cache_key: key })).json.usage).match(
        /cached_tokens":(\d+)/,
      )?.[1];
    expect(await cached("a")).toBe("0");
    expect(Number(await cached("a"))).toBeGreaterThan(90);
    expect(await cached("b")).toBe("0");
  });

  test("JSON of a schema, a stop, a limit", async () => {
    const schema = { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] };
    const shaped = await chat({
      response_format: { type: "json_schema", json_schema: { name: "n", schema } },
    });
    const [choice] = shaped.json.choices as { message: { content: string } }[];
    expect(Object.keys(JSON.parse(choice?.message.content ?? ""))).toEqual(["answer"]);
    expect((await chat({ max_tokens: 2 })).json).toMatchObject({ choices: [{ finish_reason: "length" }] });
    expect((await chat({ stop: ["simulated"] })).json).toMatchObject({
      choices: [{ finish_reason: "stop", message: { content: "Hello from the " } }],
    });
  });
});
