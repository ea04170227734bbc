/** Nova in the sandbox (protocol 4a.8): what Converse refuses, a line each, and how it answers. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { PIXEL } from "../../support/questions.ts";
import { Client } from "../client.ts";

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  const models = ["amazon--nova-pro", "amazon--nova-micro"];
  sandbox = await startSandbox({ deployments: models.map((model, index) => ({ id: `d${index}`, model })) });
  client = await Client.of(sandbox);
});
afterAll(() => sandbox.close());

const user = (...content: Json[]): JsonObject => ({ role: "user", content });
const assistant = (...content: Json[]): JsonObject => ({ role: "assistant", content });
const text = (words: string): JsonObject => ({ text: words });
const HELLO = user(text("Say: hello"));
const CALL = assistant({ toolUse: { toolUseId: "t1", name: "f", input: {} } });
const RESULT = user({ toolResult: { toolUseId: "t1", content: [text("ok")], status: "success" } });
const spec = (schema: JsonObject, more: JsonObject = {}): JsonObject => ({
  toolSpec: { name: "f", description: "d", inputSchema: { json: schema }, ...more },
});
const TOOL = spec({ type: "object", properties: {} });
const POINT = { cachePoint: { type: "default" } };
const IMAGE = { image: { format: "png", source: { bytes: PIXEL } } };
const file = (name: string, bytes = "YQ==") => ({ document: { format: "txt", name, source: { bytes } } });

const converse = (body: JsonObject, { id = "d0", path = "/converse", accept = "" } = {}) =>
  client.call(`/inference/deployments/${id}${path}`, {
    method: "POST",
    body: { messages: [HELLO], ...body },
    headers: accept === "" ? {} : { accept },
  });

const extraneous = (path: string, key: string) =>
  `Malformed input request: #${path}: extraneous key [${key}] is not permitted, please reformat your input and try again.`;

describe("refused", () => {
  test.each<[name: string, body: JsonObject, message: string]>([
    ["max_tokens", { max_tokens: 5 }, extraneous("", "max_tokens")],
    ["model", { model: "amazon--nova-pro" }, extraneous("", "model")],
    ["stream", { stream: true }, extraneous("", "stream")],
    [
      "max_tokens inside",
      { inferenceConfig: { max_tokens: 5 } },
      extraneous("/inferenceConfig", "max_tokens"),
    ],
    ["topK beside topP", { inferenceConfig: { topK: 5 } }, extraneous("/inferenceConfig", "topK")],
    [
      "a budget",
      { additionalModelRequestFields: { thinking: {} } },
      extraneous("/additionalModelRequestFields", "thinking"),
    ],
    [
      "a type",
      { messages: [user({ type: "text", text: "a" })] },
      extraneous("/messages/0/content/0", "type"),
    ],
    ["no choice", toolsWith({ none: {} }), extraneous("/toolConfig/toolChoice", "none")],
    ["no messages", { messages: [] }, "#/messages: expected minimum item count: 1, found: 0"],
    [
      "content as text",
      { messages: [{ role: "user", content: "a" }] },
      "expected type: JSONArray, found: String",
    ],
    ["a system message", { messages: [{ role: "system", content: [] }] }, "system is not a valid enum value"],
    ["half a token", { inferenceConfig: { maxTokens: 1.5 } }, "expected type: Integer"],
    ["too hot", { inferenceConfig: { temperature: 1.5 } }, "1.5 is not less or equal to 1"],
    ["too long", { inferenceConfig: { maxTokens: 9_000 } }, "exceeds the model limit of 8192"],
    ["two kinds in one", { messages: [user({ ...text("a"), ...IMAGE })] }, "exactly one member expected"],
    ["an assistant first", { messages: [assistant(text("a"))] }, "must start with a user message"],
    ["two users", { messages: [HELLO, HELLO] }, "must alternate between user and assistant"],
    ["blank text", { messages: [user(text(" "))] }, "messages.0.content.0 is blank"],
    ["blank system", { system: [text("")] }, "system.0 is blank"],
    ["a blank result", round(user(result("t1", text("\n")))), "toolResult.content.0 is blank"],
    ["nothing", { messages: [user()] }, "messages.0 is empty"],
    ["a cache point alone", { messages: [user(POINT)] }, "messages.0 is empty"],
    [
      "no result",
      { messages: [HELLO, CALL, HELLO], toolConfig: { tools: [TOOL] } },
      "for the following Ids: t1",
    ],
    [
      "no result at the end",
      { messages: [HELLO, CALL], toolConfig: { tools: [TOOL] } },
      "messages.2.content for",
    ],
    ["a result too many", round(user(result("t1"), result("t2"))), "exceeds the number of toolUse blocks"],
    [
      "the same result twice",
      round(user(result("t1"), result("t1"))),
      "exceeds the number of toolUse blocks",
    ],
    ["no tools for the history", { messages: [HELLO, CALL, RESULT] }, "toolConfig field must be defined"],
    ["an empty list of tools", { toolConfig: { tools: [] } }, "expected minimum item count: 1"],
    ["an unknown tool forced", toolsWith({ tool: { name: "g" } }), "g is not among the tools"],
    ["a tool twice", { toolConfig: { tools: [TOOL, TOOL] } }, "must be unique"],
    ["a schema of no object", { toolConfig: { tools: [spec({})] } }, "must be one of the following: object"],
    [
      "a schema with more",
      { toolConfig: { tools: [spec({ type: "object", additionalProperties: false })] } },
      "additionalProperties is not supported by this model",
    ],
    [
      "an empty description",
      { toolConfig: { tools: [spec({}, { description: "" })] } },
      "does not match pattern",
    ],
    ["a dot in a name", { toolConfig: { tools: [spec({}, { name: "a.b" })] } }, "does not match pattern"],
    [
      "five cache points",
      { messages: [user(text("a"), POINT, POINT, POINT, POINT, POINT)] },
      "has 5 cachePoint",
    ],
    [
      "an image that is none",
      { messages: [user({ image: { ...IMAGE.image, format: "gif" } })] },
      "does not match",
    ],
    [
      "an image of its own",
      { messages: [HELLO, assistant(IMAGE), HELLO] },
      "not allowed in a message of the role",
    ],
    ["a document alone", { messages: [user(file("a"))] }, "A text block must be included"],
    ["one name for two", { messages: [user(text("a"), file("a"), file("a"))] }, "names must be unique"],
    ["a dot in a document's name", { messages: [user(text("a"), file("a.txt"))] }, "does not match pattern"],
  ])("%s", async (_name, body, message) => {
    const { status, json, headers } = await converse(body);
    expect(json).toEqual({ message: expect.stringContaining(message) });
    expect(status).toBe(400);
    expect(headers["x-amzn-errortype"]).toBe("ValidationException");
  });

  test.each<[name: string, body: JsonObject]>([
    ["in a message", { messages: [user({ ...text("a"), cache_control: { type: "ephemeral" } })] }],
    ["in system", { system: [{ ...text("a"), cache_control: {} }] }],
    ["in a tool's result", round(user(result("t1", { ...text("a"), cache_control: {} })))],
  ])("cache_control %s, without a word", async (_name, body) => {
    const { status, text: said } = await converse(body);
    expect([status, said]).toEqual([400, "{}"]);
  });

  test("cache points among tools are not allowed", async () => {
    const { status, json } = await converse({ toolConfig: { tools: [TOOL, POINT] } });
    expect([status, json.message]).toEqual([403, expect.stringContaining("did not allow prompt caching")]);
  });

  test("images for a model that sees none", async () => {
    const { json } = await converse({ messages: [user(IMAGE)] }, { id: "d1" });
    expect(json.message).toContain("doesn't support the image content block");
  });

  function toolsWith(toolChoice: JsonObject): JsonObject {
    return { toolConfig: { tools: [TOOL], toolChoice } };
  }
  function result(toolUseId: string, content: JsonObject = text("ok")): JsonObject {
    return { toolResult: { toolUseId, content: [content] } };
  }
  function round(last: JsonObject): JsonObject {
    return { messages: [HELLO, CALL, last], toolConfig: { tools: [TOOL] } };
  }
});

describe("answers", () => {
  test("whole, with a call, its usage without the caches", async () => {
    const body = {
      system: [text("You help. ".repeat(40)), POINT],
      messages: [user(text("Call the tools f"))],
      toolConfig: { tools: [TOOL], toolChoice: { auto: {} } },
    };
    const [first, second] = [await converse(body), await converse(body)];
    expect(first.json).toMatchObject({
      output: { message: { role: "assistant", content: [{ toolUse: { name: "f", input: {} } }] } },
      stopReason: "tool_use",
      usage: { cacheReadInputTokens: 0 },
    });
    const [one, two] = [first.json.usage, second.json.usage] as Record<string, number>[];
    expect(two?.cacheReadInputTokens).toBe(one?.cacheWriteInputTokens);
    expect(two?.inputTokens).toBe(one?.inputTokens);
    expect(two?.totalTokens).toBe(
      Number(two?.inputTokens) + Number(two?.outputTokens) + Number(two?.cacheReadInputTokens),
    );
  });

  test("streamed, as Python writes it", async () => {
    const { text: said } = await converse(
      { messages: [user(text("Say: it's"))] },
      { path: "/converse-stream" },
    );
    expect(said).toMatch(/^data: \{'messageStart': \{'role': 'assistant'\}\}\n\n/);
    expect(said).toContain(`data: {'contentBlockDelta': {'delta': {'text': "'s"}, 'contentBlockIndex': 0}}`);
    expect(said).not.toContain("contentBlockStart");
    expect(said).toMatch(/'messageStop': .*None\}\}\n\ndata: \{'metadata': .*'trace': None\}\}\n\n$/);
  });

  test("streamed in AWS's framing to those who ask for it", async () => {
    const accept = "application/vnd.amazon.eventstream";
    const { text: said, headers } = await converse({}, { path: "/converse-stream", accept });
    expect(headers["content-type"]).toBe(accept);
    expect(said).toContain(":event-type");
    expect(said).toContain('{"role":"assistant"}');
  });
});
