/** Keys of the database at a running `aicore serve` (DESIGN 8, "Keys and usage"). */
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { loggedInWorld, type World } from "../commands/world.ts";
import { ask } from "../support/questions.ts";
import { type Serving, serve } from "./serving.ts";

async function create(world: World, args: string): Promise<{ id: string; key: string }> {
  const { stdout, stderr, code } = await world.run(`--json keys create ${args}`);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

const SLOW = { timeout: 60_000, interval: 50 };

/**
 * Asks until the answer has this status, for as long as the test may last: a proxy that has just started may not know the
 * keys yet (503), as its clients would wait for.
 */
async function until(status: number, proxy: Serving, key: string): Promise<Response> {
  for (;;) {
    const answer = await proxy.post("/v1/messages", ask("hello"), key);
    if (answer.status === status) return answer;
    await sleep(200);
  }
}

test("a new key opens a running proxy, a revoked one closes; the others stay", async () => {
  const world = await loggedInWorld();
  const before = await create(world, "--name before");
  const proxy = await serve(world);
  await until(200, proxy, before.key);
  const { key, id } = await create(world, "--name ci");
  await until(200, proxy, key);
  expect((await world.run(`keys revoke ${id}`)).code).toBe(0);
  const refused = await until(401, proxy, key);
  expect(await refused.text()).toContain("Invalid API key.");
  for (const other of [before.key, proxy.key]) {
    expect((await proxy.post("/v1/messages", ask("hello"), other)).status).toBe(200);
  }
}, 90_000);

test("what a key has used survives a restart, and is shown", async () => {
  const world = await loggedInWorld();
  const { key } = await create(world, "--name ci --tokens-per-month 1");
  const first = await serve(world);
  await until(200, first, key);
  expect((await first.post("/v1/messages", ask("hello"), key)).status).toBe(429);
  first.child.kill("SIGTERM");
  await first.child.result;
  const second = await serve(world);
  const refused = await until(429, second, key);
  expect(refused.headers.get("x-should-retry")).toBe("false");
  expect(await refused.text()).toContain("Key 'ci' has used its 1 token for this month (UTC).");
  expect((await second.post("/v1/messages", ask("hello"))).status).toBe(200);
  const { keys } = JSON.parse((await world.run("keys list --json")).stdout);
  expect(keys).toEqual([expect.objectContaining({ name: "ci", limits: { tokens_per_month: 1 } })]);
  expect(keys[0].spent.month).toMatchObject({ requests: 1, tokens: expect.any(Number) });
  expect(keys[0].spent.all.tokens).toBeGreaterThan(1);
}, 90_000);

test("T33: 200 requests at once with a key for ten: ten run", async () => {
  const world = await loggedInWorld();
  const { key } = await create(world, "--name ci --tokens-per-day 1000000 --concurrency 10");
  const proxy = await serve(world);
  await until(200, proxy, key);
  const running = () =>
    world.sandbox.requests.filter(({ kind, done }) => kind === "inference" && !done).length;
  world.sandbox.faults.add({ silence: true, times: 10 });
  const leaving = new AbortController();
  let refused = 0;
  const answers = Array.from({ length: 200 }, async () => {
    const { status } = await fetch(`${proxy.url}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body: JSON.stringify(ask("hello")),
      signal: leaving.signal,
    });
    if (status === 429) refused++;
  });
  await vi.waitFor(() => expect([refused, running()]).toEqual([190, 10]), SLOW);
  leaving.abort();
  await Promise.allSettled(answers);
  await until(200, proxy, key);
}, 90_000);
