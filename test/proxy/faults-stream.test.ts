/** Streams that break after they began (security F8, F9, F29–F31, F34, F36): told in-band, never as if complete. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Fault } from "../../src/sandbox/index.ts";
import { checkStream } from "../support/grammar.ts";
import { ask, QUESTIONS } from "../support/questions.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
/** The same with short limits, for faults that are made of waiting. */
let hasty: Stack;
beforeAll(async () => {
  stack = await startStack();
  const timing = { pingEvery: 100, commitAfter: 200, upstreamIdle: 1_000 };
  hasty = await startStack({ proxy: { timing } });
  await Promise.all([stack.catalog.refresh(), hasty.catalog.refresh()]);
});
beforeEach(() => {
  for (const { sandbox } of [stack, hasty]) {
    sandbox.requests.length = 0;
    sandbox.faults.clear();
  }
});
afterAll(async () => {
  await stack.close();
  await hasty.close();
});

async function stream(on: Stack, fault: Fault, question = ask("Hello")): Promise<string> {
  on.sandbox.faults.add({ ...fault, times: 99 });
  const answer = await on.post("/v1/messages", { ...question, stream: true });
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(on.sandbox.requests.filter(({ kind }) => kind === "inference")).toHaveLength(1);
  return text;
}

const overloaded = { type: "error", error: { type: "overloaded_error", message: "busy" } };
const huge = `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${"x".repeat(9_000_000)}"}}\n\n`;
const start = `data: ${JSON.stringify({ type: "message_start", message: { usage: { input_tokens: 1, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 } } })}\n\n`;
const raw = (body: string) => ({
  garbage: `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n${body}`,
});

const BREAKS: [name: string, fault: Fault, type: string, message: RegExp][] = [
  ["F29 an error event", { afterEvents: 4, ending: overloaded }, "overloaded_error", /^busy$/],
  [
    "F29 an error event right after the start",
    { afterEvents: 1, ending: overloaded },
    "overloaded_error",
    /^busy$/,
  ],
  [
    "F29 Bedrock's text",
    { afterEvents: 4, ending: { type: "error", message: "ThrottlingException: slow" } },
    "rate_limit_error",
    /^slow$/,
  ],
  [
    "F29 Bedrock's exception",
    { afterEvents: 4, ending: { modelStreamErrorException: { message: "oops" } } },
    "api_error",
    /^oops$/,
  ],
  ["F30 a reset", { afterEvents: 4, ending: "reset" }, "api_error", /interrupted/],
  ["F31 an end", { afterEvents: 4, ending: "end" }, "api_error", /ended the stream before/],
  ["F36 an event of 9 MB", raw(start + huge), "api_error", /larger than/],
  ["F36 a line without end", raw(start + huge.replaceAll("\n", "")), "api_error", /larger than/],
  ["an event that is not JSON", raw(`${start}data: {oops\n\n`), "api_error", /not JSON/],
];

test.each(BREAKS)("%s ends the stream with an error event", async (_name, fault, type, message) => {
  const text = await stream(stack, fault);
  const { error, complete } = checkStream(text);
  expect(error).toMatchObject({ type, message: expect.stringMatching(message) });
  expect(complete).toBe(false);
  expect(text).not.toContain("message_stop");
  expect(text.match(/event: message_start/g)).toHaveLength(1);
  expect(stack.logged.at(-1)).toMatch(/ warn .*request=req_/);
});

test.each(["end", "reset"] as const)("an %s before the first event is a real status", async (ending) => {
  stack.sandbox.faults.add({ afterEvents: 0, ending, times: 99 });
  const answer = await stack.post("/v1/messages", ask("Hello", { stream: true }));
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({ type: "error", error: { type: "api_error" } });
});

test("what came before a break reaches the client in full, wherever the cuts are", async () => {
  const question = QUESTIONS["thinking-and-tool"] ?? {};
  const plain = await (await stack.post("/v1/messages", { ...question, stream: true })).text();
  const frames = plain.split("\n\n");
  for (let afterEvents = 1; afterEvents < frames.length - 1; afterEvents++) {
    stack.sandbox.requests.length = 0;
    stack.sandbox.faults.clear();
    const text = await stream(
      stack,
      { afterEvents, ending: "end", split: afterEvents % 2 ? 5 : "bytes" },
      question,
    );
    const before = `${frames.slice(0, afterEvents).join("\n\n")}\n\n`;
    expect(text.startsWith(`${before}event: error\n`), `cut after ${afterEvents}`).toBe(true);
  }
});

test("the error event carries the request id that the head told", async () => {
  stack.sandbox.faults.add({ afterEvents: 2, ending: "end" });
  const answer = await stack.post("/v1/messages", ask("Hello", { stream: true }));
  const last = checkStream(await answer.text()).events.at(-1);
  expect(last?.data.request_id).toBe(answer.headers.get("x-request-id"));
});

test("events that mean nothing to a Messages client vanish, and what follows the last event counts no more", async () => {
  const whole = await (await stack.post("/v1/messages", ask("Hi", { stream: true }))).text();
  const upstream = whole.replaceAll(/^event: .*\n/gm, "");
  const noisy = `${upstream.replace("\n\n", '\n\ndata: {"heartbeat":1}\n\n')}data: [DONE]\n\n`;
  const latin1 = raw(Buffer.from(noisy).toString("latin1"));
  stack.sandbox.requests.length = 0;
  expect(await stream(stack, latin1, ask("Hi"))).toBe(whole);
});

test("F34 a stream that falls silent gets pings, then the timeout", async () => {
  const { pings, error } = checkStream(await stream(hasty, { afterEvents: 3, ending: "silence" }));
  expect(pings).toBeGreaterThanOrEqual(5);
  expect(error?.type).toBe("timeout_error");
  expect((await hasty.sandbox.waitFor(({ kind, done }) => kind === "inference" && done)).aborted).toBe(true);
});

test("F7 an upstream that never answers: 504 to who waits for a message, in-band to who waits for a stream", async () => {
  hasty.sandbox.faults.add({ silence: true });
  const whole = await hasty.post("/v1/messages", ask("Hello"));
  expect(whole.status).toBe(504);
  expect(await whole.json()).toMatchObject({ error: { type: "timeout_error" } });
  hasty.sandbox.requests.length = 0;
  const { error, events } = checkStream(await stream(hasty, { silence: true }));
  expect(error?.type).toBe("timeout_error");
  expect(events[0]?.name).toBe("ping");
});

test("F8 a slow upstream: the head and pings come first, then the whole answer", async () => {
  const { pings, complete, events } = checkStream(await stream(hasty, { delay: 700 }));
  expect(complete).toBe(true);
  expect(pings).toBeGreaterThanOrEqual(3);
  expect(events.findIndex(({ name }) => name !== "ping")).toBe(pings);
});

const LATE: [status: number, body: string | JsonObject, type: string][] = [
  [400, { message: "top_k: Extra inputs are not permitted" }, "invalid_request_error"],
  [401, "Jwt is expired", "authentication_error"],
  [404, "Deployment ID not found", "not_found_error"],
  [429, { message: "Too many tokens" }, "rate_limit_error"],
  [500, { message: "boom" }, "api_error"],
  [503, "no healthy upstream", "overloaded_error"],
];

test.each(LATE)(
  "F9 a %i after the early head is told in-band, and nothing is repeated",
  async (status, body, type) => {
    const text = await stream(hasty, { delay: 400, status, body });
    const { error, pings } = checkStream(text);
    expect(error?.type).toBe(type);
    expect(pings).toBeGreaterThanOrEqual(1);
    expect(text).not.toContain("message_stop");
  },
);
