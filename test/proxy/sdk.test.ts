/** The official Anthropic SDK against the proxy, as its users call it (clients.md 5). */
import Anthropic, { type ClientOptions } from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { jsonSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/json-schema";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { PIXEL } from "../support/questions.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";

/** By SAP's name: the SDK warns of Anthropic's own ids that grow old. */
const MODEL = "anthropic--claude-4.5-sonnet";

let stack: Stack;
let client: Anthropic;
beforeAll(async () => {
  stack = await startStack();
  client = new Anthropic({ baseURL: stack.proxy.url, apiKey: KEY, maxRetries: 2 });
});
beforeEach(() => {
  stack.sandbox.requests.length = 0;
  stack.sandbox.faults.clear();
});
afterAll(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

const hits = () => stack.sandbox.requests.filter(({ kind }) => kind === "inference").length;

function question(content: string): Anthropic.MessageCreateParamsNonStreaming {
  return { model: MODEL, max_tokens: 1_024, messages: [{ role: "user", content }] };
}

test("create", async () => {
  const message = await client.messages.create(question("Say: hello"));
  expect(message).toMatchObject({ model: MODEL, stop_reason: "end_turn", role: "assistant" });
  expect(message.content).toEqual([{ type: "text", text: "hello" }]);
  expect(message._request_id).toMatch(/^req_[0-9a-f]+$/);
});

test.each<[string, ClientOptions & { base?: string }]>([
  ["a key in x-api-key", { apiKey: null, authToken: null, defaultHeaders: { "x-api-key": KEY } }],
  ["a bearer token", { apiKey: null, authToken: KEY }],
  ["a base URL that ends in /anthropic", { apiKey: KEY, base: "/anthropic" }],
])("%s lets it in", async (_how, { base = "", ...options }) => {
  const other = new Anthropic({ baseURL: stack.proxy.url + base, maxRetries: 0, ...options });
  const message = await other.messages.create(question("Say: hello"));
  expect(message.content).toEqual([{ type: "text", text: "hello" }]);
});

test("a wrong key is told at once, and not asked again", async () => {
  const wrong = new Anthropic({ baseURL: stack.proxy.url, apiKey: "wrong", maxRetries: 5 });
  await expect(wrong.messages.create(question("Hello"))).rejects.toThrow(Anthropic.AuthenticationError);
  expect(hits()).toBe(0);
});

test("create with stream: true", async () => {
  const types: string[] = [];
  for await (const event of await client.messages.create({ ...question("Say: hello"), stream: true })) {
    types.push(event.type);
  }
  expect([...new Set(types)]).toEqual([
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
});

test("the stream helper, with thinking and a tool, adds up to what create answers", async () => {
  const params: Anthropic.MessageCreateParamsNonStreaming = {
    ...question("Run `date`"),
    max_tokens: 4_096,
    thinking: { type: "enabled", budget_tokens: 2_000 },
    tools: [
      {
        name: "Bash",
        input_schema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
      },
    ],
  };
  const thoughts: string[] = [];
  const stream = client.messages.stream(params).on("thinking", (piece) => thoughts.push(piece));
  const streamed = await stream.finalMessage();
  const created = await client.messages.create(params);
  expect(streamed.content).toEqual(created.content);
  expect(streamed.usage).toEqual(created.usage);
  expect(streamed.stop_reason).toBe("tool_use");
  expect(thoughts.join("")).toContain("date");
});

test("the tool runner tries a thread first, falls back to the whole conversation, and gets its answer", async () => {
  const run: string[] = [];
  const clock = betaTool({
    name: "clock",
    description: "Tells the time.",
    inputSchema: { type: "object", properties: { zone: { type: "string" } }, required: ["zone"] },
    run: ({ zone }) => {
      run.push(zone);
      return "NONCE_0815";
    },
  });
  const statuses: number[] = [];
  const watched: typeof fetch = async (...call) => {
    const answer = await fetch(...call);
    statuses.push(answer.status);
    return answer;
  };
  const message = await client.withOptions({ fetch: watched }).beta.messages.toolRunner({
    model: MODEL,
    max_tokens: 1_024,
    messages: [{ role: "user", content: "Call the tool clock" }],
    tools: [clock],
  });
  expect(run).toEqual(["sandbox"]);
  expect(statuses).toEqual([400, 200, 200]);
  expect(JSON.stringify(message.content)).toContain("NONCE_0815");
  const bodies = stack.sandbox.requests.filter(({ kind }) => kind === "inference").map(({ body }) => body);
  expect(bodies).toHaveLength(2);
  expect(bodies.join()).not.toContain("thread");
  expect((JSON.parse(bodies[1] ?? "") as { messages: unknown[] }).messages).toHaveLength(3);
});

test("an image goes up as it is", async () => {
  const source = { type: "base64", media_type: "image/png", data: PIXEL } as const;
  const message = await client.messages.create({
    ...question(""),
    messages: [
      {
        role: "user",
        content: [
          { type: "image", source },
          { type: "text", text: "What is it?" },
        ],
      },
    ],
  });
  expect(message.content[0]).toMatchObject({ text: expect.stringContaining("1×1 pixels") });
});

test("messages.parse gives an object of the schema", async () => {
  const schema = {
    type: "object",
    properties: { name: { type: "string" }, age: { type: "integer" } },
    required: ["name", "age"],
    additionalProperties: false,
  } as const;
  const format = jsonSchemaOutputFormat(schema);
  const parsed = await client.messages.parse({ ...question("Who?"), output_config: { format } });
  expect(parsed.parsed_output).toEqual({ name: "sandbox", age: 1 });
  expect(parsed.stop_reason).toBe("end_turn");
});

test("countTokens counts without a call upstream", async () => {
  const { input_tokens } = await client.messages.countTokens({
    model: MODEL,
    messages: [{ role: "user", content: "Hello there" }],
  });
  expect(input_tokens).toBeGreaterThan(0);
  expect(hits()).toBe(0);
});

test("models: every page, and one by name and by alias", async () => {
  const ids: string[] = [];
  for await (const model of client.models.list({ limit: 2 })) ids.push(model.id);
  expect(ids).toContain("anthropic--claude-4.5-sonnet");
  expect(new Set(ids).size).toBe(ids.length);
  expect((await client.models.retrieve("anthropic--claude-4.5-sonnet")).type).toBe("model");
  expect((await client.models.retrieve("claude-sonnet-4-5")).type).toBe("model");
  await expect(client.models.retrieve("claude-none-9")).rejects.toThrow(Anthropic.NotFoundError);
});

test("batches are not there, and said so in the API's own words", async () => {
  const batch = client.messages.batches.create({ requests: [] });
  await expect(batch).rejects.toMatchObject({ status: 404, error: { type: "error" } });
});

test.each<[string, string | JsonObject, RegExp]>([
  [
    "an error",
    { type: "error", error: { type: "overloaded_error", message: "busy" } },
    /overloaded_error.*busy/,
  ],
  ["a reset", "reset", /interrupted/],
  ["an early end", "end", /ended the stream/],
])("%s in mid-stream throws and is not repeated", async (_what, ending, message) => {
  stack.sandbox.faults.add({ afterEvents: 4, ending: ending as "end" });
  const reading = client.messages.stream(question("Hello")).finalMessage();
  await expect(reading).rejects.toThrow(message);
  expect(hits()).toBe(1);
});

test("an error as first event is repeated by the SDK, for it has a status", async () => {
  const error = { type: "overloaded_error", message: "busy" };
  stack.sandbox.faults.add({ firstEvent: { type: "error", error } });
  const message = await client.messages.stream(question("Say: hello")).finalMessage();
  expect(message.content).toEqual([{ type: "text", text: "hello" }]);
  expect(hits()).toBe(2);
});

test("retry-after reaches the SDK, which waits as long", async () => {
  stack.sandbox.faults.add({
    status: 429,
    headers: { "retry-after": "1" },
    body: { message: "Too many tokens" },
  });
  const asked = Date.now();
  await client.messages.create(question("Hello"));
  expect(Date.now() - asked).toBeGreaterThanOrEqual(1_000);
  expect(hits()).toBe(2);
});

test.each([
  [400, Anthropic.BadRequestError],
  [403, Anthropic.PermissionDeniedError],
  [404, Anthropic.NotFoundError],
  [413, Anthropic.APIError],
])("a %i is of its class and final", async (status, type) => {
  stack.sandbox.faults.add({ status, body: { message: "no" }, times: 9 });
  const failure = client.messages.create(question("Hello"));
  await expect(failure).rejects.toThrow(type);
  await expect(failure).rejects.toMatchObject({ status, requestID: expect.stringMatching(/^req_/) });
  expect(hits()).toBe(status === 404 ? 2 : 1);
});

test("a stream that the user aborts ends the upstream call", async () => {
  stack.sandbox.faults.add({ afterEvents: 3, ending: "silence" });
  const stream = await client.messages.create({ ...question("Hello"), stream: true });
  for await (const event of stream) if (event.type === "content_block_delta") break;
  expect((await stack.sandbox.waitFor(({ kind, done }) => kind === "inference" && done)).aborted).toBe(true);
});
