/** What a key may use is held before anything is sent for it (security T33). */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Limits } from "../../src/keys/api-key.ts";
import { ask } from "../support/questions.ts";
import { counting, limitedKey } from "../support/spending.ts";
import { type Stack, startStack } from "../support/stack.ts";

const GEMINI = { contents: [{ role: "user", parts: [{ text: "hello" }] }] };
const MESSAGES = [{ role: "user", content: "hello" }];

interface Way {
  path: string;
  body: JsonObject;
  /** The message, out of an error of this dialect. */
  shape: (message: string) => unknown;
}

const openai = (message: string) => ({ error: { message, code: expect.any(String) } });
const WAYS: Record<string, Way> = {
  messages: {
    path: "/v1/messages",
    body: ask("hello"),
    shape: (message) => ({ type: "error", error: { type: "rate_limit_error", message } }),
  },
  "messages, streamed": {
    path: "/v1/messages",
    body: ask("hello", { stream: true }),
    shape: (message) => ({ type: "error", error: { type: "rate_limit_error", message } }),
  },
  chat: {
    path: "/v1/chat/completions",
    body: { model: "claude-sonnet-4-5", messages: MESSAGES },
    shape: openai,
  },
  responses: { path: "/v1/responses", body: { model: "claude-sonnet-4-5", input: "hello" }, shape: openai },
  gemini: {
    path: "/v1beta/models/gemini-2.5-flash:streamGenerateContent",
    body: GEMINI,
    shape: (message) => ({ error: { code: 429, status: "RESOURCE_EXHAUSTED", message } }),
  },
  embeddings: {
    path: "/v1/embeddings",
    body: { model: "text-embedding-3-small", input: "hello" },
    shape: openai,
  },
};

const LIMITS: { limits: Limits; message: string; wait?: string; final: boolean }[] = [
  {
    limits: { requestsPerMinute: 1 },
    message: "Key 'ci' has used its 1 request for this minute. It can go on in 20 s.",
    wait: "20",
    final: false,
  },
  {
    limits: { tokensPerMinute: 1 },
    message: "Key 'ci' has used its 1 token for this minute. It can go on in 20 s.",
    wait: "20",
    final: false,
  },
  {
    limits: { tokensPerDay: 1 },
    message: "Key 'ci' has used its 1 token for today (UTC). It can go on at 2026-12-01 00:00 UTC.",
    wait: "3620",
    final: true,
  },
  {
    limits: { tokensPerMonth: 1 },
    message: "Key 'ci' has used its 1 token for this month (UTC). It can go on at 2026-12-01 00:00 UTC.",
    wait: "3620",
    final: true,
  },
  {
    limits: { budget: 0.5 },
    message:
      "Key 'ci' has used its budget of 0.5 capacity units. It opens no more; ask whoever made it for another.",
    final: true,
  },
];

let stack: Stack;
const start = async (limits: Limits) => {
  const { options, records } = counting(0.5);
  stack = await startStack({ proxy: { keys: [limitedKey("ci", limits)], ...options } });
  return records;
};
const send = ({ path, body }: Pick<Way, "path" | "body">, init: RequestInit = {}) =>
  fetch(stack.proxy.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": "ci" },
    body: JSON.stringify(body),
    ...init,
  });
const inferences = () => stack.sandbox.requests.filter(({ kind }) => kind === "inference").length;

beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-11-30T22:59:40Z"), toFake: ["Date"] }));
afterEach(async () => {
  vi.useRealTimers();
  await stack.close();
});

const CASES = Object.keys(WAYS).flatMap((way) => LIMITS.map((limit) => ({ way, ...limit })));

test.each(CASES)("$way with $limits", async ({ way: name, limits, message, wait, final }) => {
  const way = WAYS[name] as Way;
  const records = await start(limits);
  const first = await send(way);
  await first.arrayBuffer();
  expect(first.status).toBe(200);
  const sent = inferences();
  const refused = await send(way);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject(way.shape(message) as object);
  expect(refused.headers.get("retry-after")).toBe(wait ?? null);
  expect(refused.headers.get("x-should-retry")).toBe(final ? "false" : null);
  expect(inferences()).toBe(sent);
  expect(records.at(-1)).toMatchObject({ outcome: "failed", status: 429, attempts: 0, key: { name: "ci" } });
});

describe("a limit opens", () => {
  test.each<[Limits, string]>([
    [{ requestsPerMinute: 1 }, "2026-11-30T23:00:00Z"],
    [{ tokensPerMinute: 1 }, "2026-11-30T23:00:00Z"],
    [{ tokensPerDay: 1 }, "2026-12-01T00:00:00Z"],
    [{ tokensPerMonth: 1 }, "2026-12-01T00:00:00Z"],
  ])("%j at %s", async (limits, opens) => {
    await start(limits);
    const statuses: number[] = [];
    for (const at of [undefined, undefined, opens]) {
      if (at) vi.setSystemTime(at);
      statuses.push((await send({ path: "/v1/messages", body: ask("hello") })).status);
    }
    expect(statuses).toEqual([200, 429, 200]);
  });

  test("a request that reached no upstream was none", async () => {
    await start({ requestsPerMinute: 1 });
    const bad = await send({ path: "/v1/messages", body: { model: "opus" } });
    const unknown = await send({ path: "/v1/messages", body: ask("hello", { model: "nothing-like-this" }) });
    expect([bad.status, unknown.status]).toEqual([400, 404]);
    expect((await send({ path: "/v1/messages", body: ask("hello") })).status).toBe(200);
  });
});

test("counting tokens and reading the models is free, however little is left", async () => {
  await start({ requestsPerMinute: 1, tokensPerDay: 1, budget: 0.1, concurrency: 1 });
  expect((await send({ path: "/v1/messages", body: ask("hello") })).status).toBe(200);
  expect((await send({ path: "/v1/messages", body: ask("hello") })).status).toBe(429);
  expect((await send({ path: "/v1/messages/count_tokens", body: ask("hello") })).status).toBe(200);
  const path = "/v1beta/models/gemini-2.5-flash:countTokens";
  expect((await send({ path, body: GEMINI })).status).toBe(200);
  expect((await fetch(`${stack.proxy.url}/v1/models`, { headers: { "x-api-key": "ci" } })).status).toBe(200);
});

const SLOW = { timeout: 40_000, interval: 50 };

describe("T33: 200 requests at once", { timeout: 60_000 }, () => {
  const burst = (init?: RequestInit) =>
    Array.from({ length: 200 }, () => send({ path: "/v1/messages", body: ask("hello") }, init));
  const statusesOf = async (answers: Promise<Response>[]) => {
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));
    return [200, 429].map((wanted) => statuses.filter((status) => status === wanted).length);
  };

  test("of a key that may make ten a minute: ten are made", async () => {
    await start({ requestsPerMinute: 10 });
    expect(await statusesOf(burst())).toEqual([10, 190]);
    expect(inferences()).toBe(10);
  });

  test("of a key that may have five running: five run, and leave their places", async () => {
    await start({ concurrency: 5 });
    stack.sandbox.faults.add({ silence: true, times: 5 });
    const leaving = new AbortController();
    let refused = 0;
    const answers = burst({ signal: leaving.signal }).map(async (answer) => {
      const { status, headers } = await answer;
      if (status === 429 && headers.get("retry-after") === "1") refused++;
    });
    await vi.waitFor(() => expect([refused, inferences()]).toEqual([195, 5]), SLOW);
    leaving.abort();
    await Promise.allSettled(answers);
    const left = () => stack.sandbox.requests.filter(({ aborted }) => aborted).length;
    await vi.waitFor(() => expect(left()).toBe(5), SLOW);
    expect(inferences()).toBe(5);
    expect((await send({ path: "/v1/messages", body: ask("hello") })).status).toBe(200);
  });

  test("of a key with a budget: it spends no more than what ran when it was reached", async () => {
    const records = await start({ budget: 2, concurrency: 3 });
    await Promise.all(burst());
    for (let at = 0; at < 5; at++) await send({ path: "/v1/messages", body: ask("hello") });
    const spent = records.filter(({ attempts }) => attempts > 0).length * 0.5;
    expect(spent).toBeGreaterThanOrEqual(2);
    expect(spent).toBeLessThanOrEqual(2 + 3 * 0.5);
    expect((await send({ path: "/v1/messages", body: ask("hello") })).status).toBe(429);
  });
});
