/** Amazon Nova from an Anthropic client's side: Messages in, Converse up, Messages back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Fault } from "../../src/sandbox/index.ts";
import { checkStream } from "../support/grammar.ts";
import { ask as askClaude, PIXEL, QUESTIONS, tool } from "../support/questions.ts";
import { type Stack, startStack } from "../support/stack.ts";

const MODEL = "amazon--nova-pro";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.sandbox.requests.length = 0;
  stack.sandbox.faults.clear();
});
afterAll(async () => {
  expect(stack.sandbox.refused.map(({ refusal, body }) => [refusal, body])).toEqual([]);
  await stack.close();
});

const ask = (text: string, more: JsonObject = {}) => askClaude(text, { model: MODEL, ...more });
const post = (body: JsonObject, fault?: Fault) => {
  if (fault) stack.sandbox.faults.add(fault);
  return stack.post("/v1/messages", body);
};

async function stream(body: JsonObject, fault?: Fault): Promise<string> {
  const answer = await post({ ...body, stream: true }, fault);
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return text.replace(/msg_[0-9a-f]{32}/, "msg_1");
}

async function whole(body: JsonObject): Promise<JsonObject> {
  const answer = await post(body);
  const json = (await answer.json()) as JsonObject;
  expect(answer.status, JSON.stringify(json)).toBe(200);
  return json;
}

const names = Object.keys(QUESTIONS).filter((name) => !name.includes("thinking"));

describe.each(names)("%s", (name) => {
  const question = { ...QUESTIONS[name], model: MODEL };

  test("the stream is the golden one, however it is cut", async () => {
    const text = await stream(question);
    await expect(text).toMatchFileSnapshot(`../golden/bedrock-converse/asked-${name}.sse`);
    expect(checkStream(text)).toMatchObject({ complete: true, message: { model: MODEL } });
    for (const split of ["bytes", 2, 7, 64] as const) expect(await stream(question, { split })).toBe(text);
  });

  test("the whole message is what the stream adds up to", async () => {
    const { id, ...message } = await whole(question);
    const { id: _other, ...streamed } = checkStream(await stream(question)).message;
    expect(id).toMatch(/^msg_/);
    expect(message).toEqual(streamed);
  });
});

test("thinking is left out and everything else is answered", async () => {
  const message = await whole({ ...QUESTIONS.thinking, model: MODEL });
  expect(message.content).toEqual([{ type: "text", text: "42 is the answer" }]);
  expect(stack.logged.join("\n")).toContain("thinking is left out");
});

test("the stream is asked for in AWS's framing, a whole answer in JSON", async () => {
  await stream(ask("Hello"));
  await whole(ask("Hello"));
  const calls = stack.sandbox.requests.filter(({ kind }) => kind === "inference");
  expect(calls.map(({ path, headers }) => [path.split("/").at(-1), headers.accept])).toEqual([
    ["converse-stream", "application/vnd.amazon.eventstream"],
    ["converse", "application/json"],
  ]);
});

test("should SAP send Python's text all the same, it is read", async () => {
  const text = [
    "data: {'messageStart': {'role': 'assistant'}}",
    `data: {'contentBlockDelta': {'delta': {'text': "it's \\xfc\\u2713"}, 'contentBlockIndex': 0}}`,
    "data: {'contentBlockStop': {'contentBlockIndex': 0}}",
    "data: {'messageStop': {'stopReason': 'end_turn', 'additionalModelResponseFields': None}}",
    "data: {'metadata': {'usage': {'inputTokens': 3, 'outputTokens': 4}, 'ok': True}}",
  ].join("\n\n");
  const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
  const { message, complete } = checkStream(await stream(ask("Hello"), { garbage: `${head}${text}\n\n` }));
  expect(complete).toBe(true);
  expect(message).toMatchObject({ content: [{ type: "text", text: "it's ü✓" }], usage: { input_tokens: 3 } });
});

test("a client of another dialect gets its end without usage too", async () => {
  const text = [
    "data: {'contentBlockDelta': {'delta': {'text': 'A'}, 'contentBlockIndex': 0}}",
    "data: {'messageStop': {'stopReason': 'end_turn'}}",
  ].join("\n\n");
  const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
  stack.sandbox.faults.add({ garbage: `${head}${text}\n\n` });
  const messages = [{ role: "user", content: "Hello" }];
  const answer = await stack.post("/v1/chat/completions", { model: MODEL, stream: true, messages });
  const told = await answer.text();
  expect(told).toContain('"finish_reason":"stop"');
  expect(told).toMatch(/data: \[DONE\]\n\n$/);
});

test("a tool's round trip, ids unchanged", async () => {
  const tools = [tool("Bash", { command: { type: "string" } })];
  const first = checkStream(await stream(ask("Run `cat nonce.txt`", { tools }))).message;
  const [words, call] = first.content as JsonObject[];
  expect(call).toMatchObject({ type: "tool_use", name: "Bash", input: { command: "cat nonce.txt" } });
  expect(call?.id).toMatch(/^tooluse_/);
  const messages = [
    { role: "user", content: "Run `cat nonce.txt`" },
    { role: "assistant", content: [words ?? {}, call ?? {}] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: call?.id ?? "", content: "NONCE_1a2b" }] },
  ];
  const second = await whole({ ...ask(""), messages, tools });
  expect(JSON.stringify(second.content)).toContain("NONCE_1a2b");
  // The history alone, as a client sends it to have it summed up.
  const third = await whole({ ...ask(""), messages });
  expect(third.stop_reason).toBe("end_turn");
});

test("an image arrives byte for byte", async () => {
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } };
  const content = [image, { type: "text", text: "What is it?" }];
  const { content: said } = await whole({ ...ask(""), messages: [{ role: "user", content }] });
  expect(JSON.stringify(said)).toContain(`image/png of ${Buffer.from(PIXEL, "base64").length} bytes`);
});

test("a cached prefix is read from the cache the next time, and counted apart", async () => {
  const system = [{ type: "text", text: "You know much. ".repeat(99), cache_control: { type: "ephemeral" } }];
  const [first, second] = [await whole(ask("Hi", { system })), await whole(ask("Hi", { system }))];
  const [one, two] = [first.usage, second.usage] as Record<string, number>[];
  expect(one?.cache_creation_input_tokens).toBeGreaterThan(300);
  expect(two?.cache_read_input_tokens).toBe(one?.cache_creation_input_tokens);
  expect(two?.input_tokens).toBe(one?.input_tokens);
});

describe("errors", () => {
  test.each<[name: string, fault: Fault, type: string]>([
    [
      "an exception amid the stream",
      { afterEvents: 3, ending: { throttlingException: { message: "Too many tokens" } } },
      "rate_limit_error",
    ],
    ["a connection reset", { afterEvents: 3, ending: "reset" }, "api_error"],
    ["an end before the end", { afterEvents: 3, ending: "end" }, "api_error"],
  ])("%s is told in-band and never looks complete", async (_name, fault, type) => {
    const { complete, error } = checkStream(await stream(ask("Say: one two three four"), fault));
    expect(complete).toBe(false);
    expect(error).toMatchObject({ type });
  });

  test("an exception as first event is a status", async () => {
    const firstEvent = { throttlingException: { message: "Too many tokens" } };
    const answer = await post(ask("Hi", { stream: true }), { firstEvent, times: 3 });
    expect(answer.status).toBe(429);
  });

  test("a refusal without a word names the error of its header", async () => {
    const headers = { "x-amzn-errortype": "ValidationException" };
    const answer = await post(ask("Hi"), { status: 400, body: {}, headers });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("ValidationException (status 400)");
  });

  test("an answer that is none is a bad gateway", async () => {
    const answer = await post(ask("Hi"), { status: 200, body: { Output: { __type: "Unknown" } } });
    expect(answer.status).toBe(502);
  });
});
