import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Fault } from "../../src/sandbox/index.ts";
import { checkStream } from "../support/grammar.ts";
import { ask, QUESTIONS } from "../support/questions.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
beforeEach(() => {
  stack.sandbox.requests.length = 0;
});
afterAll(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

const names = Object.keys(QUESTIONS);

async function stream(body: JsonObject, fault?: Fault): Promise<string> {
  if (fault) stack.sandbox.faults.add(fault);
  const answer = await stack.post("/v1/messages", { ...body, stream: true });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  return text;
}

async function whole(body: JsonObject): Promise<JsonObject> {
  const answer = await stack.post("/v1/messages", body);
  const json = (await answer.json()) as JsonObject;
  expect(answer.status, JSON.stringify(json)).toBe(200);
  return json;
}

test.each(names)("%s: the stream is the golden one", async (name) => {
  const text = await stream(QUESTIONS[name] ?? {});
  await expect(text).toMatchFileSnapshot(`../golden/messages/${name}.sse`);
  const { message, complete } = checkStream(text);
  expect(complete).toBe(true);
  expect(message.model).toBe("claude-sonnet-4-5");
  expect(text).not.toContain("bedrock-invocationMetrics");
});

const DISTURBANCES: [name: string, fault: Fault][] = [
  ["cut at every byte", { split: "bytes" }],
  ["cut at every second byte", { split: 2 }],
  ["cut at every third byte", { split: 3 }],
  ["cut at every seventh byte", { split: 7 }],
  ["cut at every 64th byte", { split: 64 }],
  ["with CRLF", { sse: ["crlf"] }],
  ["with a byte order mark", { sse: ["bom"] }],
  ["with events over several data lines", { sse: ["multiline"] }],
  ["with comments", { sse: ["comments"] }],
  ["with event lines", { sse: ["named"] }],
  [
    "with all of it, cut at every byte",
    { sse: ["crlf", "bom", "multiline", "comments", "named"], split: "bytes" },
  ],
];

test.each(DISTURBANCES)(
  "an upstream's stream %s reaches the client as the same bytes (F35)",
  async (_how, fault) => {
    for (const name of names) {
      const body = QUESTIONS[name] ?? {};
      expect(await stream(body, fault), name).toBe(await stream(body));
    }
  },
);

test.each(names)("%s: the whole message is what the stream adds up to", async (name) => {
  const body = QUESTIONS[name] ?? {};
  expect(await whole(body)).toEqual(checkStream(await stream(body)).message);
});

test("usage is there from the first event on, and grows up to the last", async () => {
  const { events } = checkStream(await stream(ask("Hello", { system: "Be brief." })));
  const [start] = events;
  const delta = events.find(({ name }) => name === "message_delta");
  const [reported] = stack.sandbox.usage.slice(-1);
  expect(start?.data.message).toMatchObject({ usage: { ...reported?.usage, output_tokens: 1 } });
  expect(delta?.data.usage).toEqual({ output_tokens: reported?.usage.output_tokens });
});

test("thinking goes back with its signature and is accepted", async () => {
  const question = QUESTIONS["thinking-and-tool"] ?? {};
  const { message } = checkStream(await stream(question));
  const [thought, , call] = message.content as JsonObject[];
  const second = {
    ...question,
    messages: [
      ...(question.messages as JsonObject[]),
      { role: "assistant", content: message.content ?? [] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: call?.id ?? "", content: "NONCE_abc" }] },
    ],
  };
  const { message: answer } = checkStream(await stream(second));
  expect(JSON.stringify(answer.content)).toContain("NONCE_abc");
  const sent = JSON.parse(stack.sandbox.requests.at(-1)?.body ?? "") as {
    messages: { content: unknown[] }[];
  };
  expect(sent.messages[1]?.content[0]).toEqual(thought);
});

test("the second time, a marked prefix is read from the prompt cache, and the client is told", async () => {
  const system = [
    {
      type: "text",
      text: "You are an expert on caches.",
      cache_control: { type: "ephemeral", scope: "global" },
    },
  ];
  const counts = [];
  for (const turn of ["first", "second"]) {
    const { message } = checkStream(await stream(ask(`The ${turn} turn`, { system })));
    const usage = message.usage as Record<string, number>;
    counts.push([usage.cache_creation_input_tokens, usage.cache_read_input_tokens]);
  }
  const [[written, none] = [], [nothing, read] = []] = counts;
  expect(written).toBeGreaterThan(0);
  expect([none, nothing, read]).toEqual([0, 0, written]);
});

/** Numbers that a double cannot hold, escapes that no serialiser writes, spaces, an order of keys: all of it is text. */
const ODD_TOOLS = String.raw`[ {"name":"\u0062ig", "input_schema":{"type":"object","properties":{"id":{"type":"integer","const":12345678901234567890,"x":1e2,"slash":"\/","e":"\u00e9\ud83c\udf89"} } } } ]`;
const ODD_MESSAGES = String.raw`[{"content":"caf\u00e9 \/ 1.0","role":"user"}]`;
const ODD_SYSTEM = String.raw`[{"text":"be\u0020nice", "type":"text","cache_control":{"type":"ephemeral"}}]`;

test("members that need no change keep their bytes on the way up", async () => {
  const body = `{"model":"claude-sonnet-4-5","max_tokens":64, "tools" : ${ODD_TOOLS} ,"metadata":{"user_id":"u"},"system":${ODD_SYSTEM},"messages":${ODD_MESSAGES}}`;
  const answer = await stack.post("/v1/messages", body);
  expect(answer.status).toBe(200);
  const sent = stack.sandbox.requests.at(-1)?.body ?? "";
  expect(sent).toContain(`"tools" : ${ODD_TOOLS}`);
  expect(sent).toContain(`"system":${ODD_SYSTEM}`);
  expect(sent).toContain(`"messages":${ODD_MESSAGES}`);
  expect(sent).not.toContain("metadata");
});

test("the head tells which model and deployment answered, and that nothing is kept", async () => {
  const answer = await stack.post("/v1/messages", ask("Hello", { stream: true }));
  await answer.text();
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "x-aicore-model": "anthropic--claude-4.5-sonnet",
    "x-aicore-deployment": "df17f9b306220b52",
    "x-aicore-attempts": "1",
    "x-request-id": expect.stringMatching(/^req_[0-9a-f]+$/),
    "cache-control": expect.stringMatching(/no-(cache|store)/),
  });
});
