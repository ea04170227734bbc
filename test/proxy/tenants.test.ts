/** Several tenants as one pool: where requests go, and what happens when one of them fails. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import Anthropic from "@anthropic-ai/sdk";
import { expect, onTestFinished, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { type Fault, startSandbox } from "../../src/sandbox/index.ts";
import { checkStream } from "../support/grammar.ts";
import { type Pool, type PoolOptions, startPool } from "../support/pool.ts";
import { ask } from "../support/questions.ts";
import { KEY, startFront } from "../support/stack.ts";

async function pool(tenants: number, options: PoolOptions = {}): Promise<Pool> {
  const started = await startPool(tenants, options);
  onTestFinished(() => started.close());
  return started;
}

/** Sends `total` requests, `parallel` at a time. */
async function load<T>(total: number, parallel: number, send: (nth: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < total) {
      const nth = next++;
      answers[nth] = await send(nth);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return answers;
}

test("three tenants share the load within a tenth", async () => {
  const { post, hits } = await pool(3);
  const answers = await load(300, 12, async (nth) => (await post("/v1/messages", ask(`Hi ${nth}`))).status);
  expect(new Set(answers)).toEqual(new Set([200]));
  for (const count of hits()) expect(Math.abs(count - 100)).toBeLessThanOrEqual(10);
});

const SESSIONS: [name: string, path: string, headers: Record<string, string>, more: JsonObject][] = [
  ["Claude Code's header", "/v1/messages", { "x-claude-code-session-id": "s1" }, {}],
  ["Codex's header", "/v1/messages", { "session-id": "s1" }, {}],
  ["opencode's header", "/v1/messages", { "x-session-id": "s1" }, {}],
  ["metadata.user_id", "/v1/messages", {}, { metadata: { user_id: '{"session_id":"11111111-1111"}' } }],
  ["an older user_id", "/v1/messages", {}, { metadata: { user_id: "user_1_session_11111111-1111" } }],
  ["prompt_cache_key", "/v1/chat/completions", {}, { prompt_cache_key: "s1" }],
];

test.each(SESSIONS)("a session stays on one target: %s", async (_name, path, headers, more) => {
  const { post, hits } = await pool(3);
  const answers = await load(
    30,
    6,
    async (nth) => (await post(path, ask(`Hi ${nth}`, more), headers)).status,
  );
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(hits().sort()).toEqual([0, 0, 30]);
});

const FIRST = { role: "user", content: "What is it?" };
const TURNS = [
  [FIRST],
  [FIRST, { role: "assistant", content: "This." }, { role: "user", content: "And that?" }],
];
const OPENINGS: [path: string, body: (messages: (typeof FIRST)[]) => object][] = [
  ["/v1/messages", (messages) => ({ model: "sonnet", max_tokens: 50, messages })],
  ["/v1/chat/completions", (messages) => ({ model: "gpt-4.1", messages })],
  ["/v1/responses", (input) => ({ model: "gpt-4.1", input })],
  [
    "/v1beta/models/gemini-2.5-pro:generateContent",
    (messages) => ({
      contents: messages.map(({ role, content }) => ({
        role: role === "user" ? "user" : "model",
        parts: [{ text: content }],
      })),
    }),
  ],
];

test.each(OPENINGS)("without an id the opening tells the conversation, on %s", async (path, bodyOf) => {
  const { post, hits } = await pool(3);
  for (const turn of [...TURNS, ...TURNS]) expect((await post(path, bodyOf(turn))).status).toBe(200);
  expect(hits().sort()).toEqual([0, 0, 4]);
});

/** What the first tenant does once, and whether the second may be asked after it. */
const FAILOVERS: [name: string, fault: Fault, status: number, calls: [number, number]][] = [
  ["429", { status: 429 }, 200, [1, 1]],
  ["F23 429, wait 120 s", { status: 429, headers: { "retry-after": "120" } }, 200, [1, 1]],
  ["F27 529", { status: 529 }, 200, [1, 1]],
  ["F25 500", { status: 500, body: "boom" }, 200, [1, 1]],
  ["F25 503", { status: 503, body: "away" }, 200, [1, 1]],
  ["F28 an error as first event", { firstEvent: { throttlingException: { message: "slow" } } }, 200, [1, 1]],
  ["400", { status: 400, body: { message: "no" } }, 400, [1, 0]],
  ["F20 403", { status: 403, body: "no" }, 403, [1, 0]],
  ["F33 not JSON", { status: 200, body: "hm" }, 502, [1, 0]],
];

test.each(FAILOVERS)("%s: the other tenant is asked where it may be", async (_name, fault, status, calls) => {
  const { post, hits, sandboxes } = await pool(2, { proxy: { shareOf: primaryThenBackup } });
  sandboxes[0]?.faults.add(fault);
  const stream = "firstEvent" in fault;
  const answer = await post("/v1/messages", ask("Hello", { stream }));
  const text = await answer.text();
  expect([answer.status, hits()], text).toEqual([status, calls]);
  expect(answer.headers.get("x-aicore-attempts")).toBe(String(calls[0] + calls[1]));
  if (stream) expect(checkStream(text).complete).toBe(true);
});

function primaryThenBackup(profile: string) {
  return { weight: 1, priority: profile === "test" ? 1 : 2 };
}

test("F1 a tenant that is gone costs one call, however many deployments it had", async () => {
  const { post, hits, sandboxes } = await pool(2, { proxy: { shareOf: primaryThenBackup } });
  await sandboxes[0]?.close();
  const answer = await post("/v1/messages", ask("Hello", { model: "claude-sonnet-4-6" }));
  expect([answer.status, answer.headers.get("x-aicore-attempts"), hits()[1]]).toEqual([200, "2", 1]);
});

test("a tenant that does not answer keeps nobody from the models of the other", async () => {
  const sandbox = await startSandbox();
  const silent = createServer();
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const key = { ...sandbox.serviceKey, url, serviceurls: { AI_API_URL: url } };
  const front = await startFront([key, sandbox.serviceKey]);
  onTestFinished(async () => {
    await front.close();
    await sandbox.close();
    silent.close();
  });
  expect((await front.post("/v1/messages", ask("Hello"))).status).toBe(200);
});

test("F14 credentials that one tenant refuses do not stop the other", async () => {
  const { post, hits, sandboxes } = await pool(2, { proxy: { shareOf: primaryThenBackup } });
  sandboxes[0]?.revokeTokens();
  sandboxes[0]?.faults.add({
    path: "/oauth/token",
    status: 401,
    body: { error: "invalid_client" },
    times: 99,
  });
  const answer = await post("/v1/messages", ask("Hello"));
  expect([answer.status, hits()[1]]).toEqual([200, 1]);
});

test("a primary that comes back is asked first again", async () => {
  const { post, hits, sandboxes } = await pool(2, { proxy: { shareOf: primaryThenBackup } });
  sandboxes[0]?.faults.add({ status: 503, times: 1 });
  for (let request = 0; request < 4; request++) {
    expect((await post("/v1/messages", ask("Hello"))).status).toBe(200);
  }
  expect(hits()).toEqual([4, 1]);
});

test("a tenant that dies among 200 requests takes down none that had not begun to stream", async () => {
  const { post, sandboxes } = await pool(2, { sandbox: { pace: 2 } });
  let begun = 0;
  const answers = await load(200, 16, async (nth) => {
    if (nth === 60) void sandboxes[0]?.close();
    const answer = await post("/v1/messages", ask(`Say: one two three ${nth}`, { stream: true }));
    if (answer.status === 200) begun += 1;
    return { status: answer.status, ...checkStream(await answer.text()) };
  });
  expect(begun).toBe(200);
  // A stream that was cut says so; every other one is whole.
  for (const { complete, error } of answers) expect(complete || error !== undefined).toBe(true);
  expect(answers.filter(({ complete }) => !complete).length).toBeLessThanOrEqual(16);
});

test("and an SDK's user sees whole answers only", async () => {
  const { proxy, sandboxes } = await pool(2);
  const client = new Anthropic({ baseURL: proxy.url, apiKey: KEY });
  const answers = await load(200, 16, async (nth) => {
    if (nth === 60) void sandboxes[1]?.close();
    const content = `Say: number ${nth}`;
    return client.messages.create({
      model: "sonnet",
      max_tokens: 100,
      messages: [{ role: "user", content }],
    });
  });
  expect(answers.every(({ stop_reason }) => stop_reason === "end_turn")).toBe(true);
});

test("F24 thirty clients and no quota for a while: nobody notices, and the tenant is not stormed", async () => {
  const { post, hits, sandboxes } = await pool(1);
  sandboxes[0]?.faults.add({ status: 429, times: 3 });
  const answers = await load(30, 30, async (nth) => (await post("/v1/messages", ask(`Hi ${nth}`))).status);
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(hits()).toEqual([33]);
});

test("F24 no quota at all: a few calls, and an honest 429 for everyone", async () => {
  const { post, hits, sandboxes } = await pool(1, { proxy: { timing: { retryFor: 2_000 } } });
  sandboxes[0]?.faults.add({ status: 429, times: 999 });
  const answers = await load(30, 30, async (nth) => {
    const { status, headers } = await post("/v1/messages", ask(`Hi ${nth}`));
    return `${status} ${Number(headers.get("retry-after")) > 0}`;
  });
  expect(new Set(answers)).toEqual(new Set(["429 true"]));
  expect(hits()[0]).toBeLessThan(15);
});

test("F22 other models go on while one rests", async () => {
  const { post, sandboxes } = await pool(1);
  sandboxes[0]?.faults.add({
    status: 429,
    headers: { "retry-after": "2" },
    model: "anthropic--claude-4.5-sonnet",
  });
  const order: string[] = [];
  const send = async (model: string) => {
    const { status } = await post("/v1/messages", ask("Hello", { model }));
    order.push(`${model} ${status}`);
  };
  const resting = send("claude-sonnet-4-5");
  await send("gpt-4.1");
  await resting;
  expect(order).toEqual(["gpt-4.1 200", "claude-sonnet-4-5 200"]);
});

test("/stats tells of targets, breakers and what was learned, to those with a key", async () => {
  const { get, post, sandboxes, proxy } = await pool(2, { proxy: { shareOf: primaryThenBackup } });
  sandboxes[0]?.faults.add({ status: 400, body: { message: "top_k: Extra inputs are not permitted" } });
  expect((await post("/v1/messages", ask("Hello", { top_k: 3 }))).status).toBe(200);
  expect((await fetch(`${proxy.url}/stats`)).status).toBe(401);
  expect(await (await get("/stats")).json()).toMatchObject({
    requests: { completed: 1, failed: 0, broken: 0, cancelled: 0 },
    learned: [{ deployment: "test/df17f9b306220b52", repairs: [expect.any(String)] }],
    targets: expect.arrayContaining([
      expect.objectContaining({ profile: "test-2", in_flight: 0, breaker: "closed", resting: false }),
    ]),
  });
});
