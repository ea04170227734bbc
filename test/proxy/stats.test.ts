/** `/stats`: what happens now. */
import { expect, onTestFinished, test } from "vitest";
import { ask } from "../support/questions.ts";
import { KEY, startStack } from "../support/stack.ts";
import { startTeam } from "../support/team.ts";

interface Stats {
  in_flight: number;
  keys: number | null;
  ledger: { engine: string; queued: number; spooled: number; dropped: number; failing: boolean } | null;
  requests: Record<string, number>;
}

async function statsOf(of: { get(path: string): Promise<Response> }): Promise<Stats> {
  return (await (await of.get("/stats")).json()) as Stats;
}

test("requests are in flight from their arrival to their end, however they end", async () => {
  const stack = await startStack();
  onTestFinished(() => stack.close());
  stack.sandbox.faults.add({ afterEvents: 3, ending: "silence", times: 2 });
  const gone = new AbortController();
  const stream = () =>
    fetch(`${stack.proxy.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": KEY, "content-type": "application/json" },
      body: JSON.stringify(ask("Hello", { stream: true })),
      signal: gone.signal,
    });
  await Promise.all([stream(), stream()]);
  expect(await statsOf(stack)).toMatchObject({ in_flight: 2, requests: { completed: 0, cancelled: 0 } });
  expect((await stack.post("/v1/messages", ask("Hello"))).status).toBe(200);
  expect((await stack.post("/v1/messages", ask("Hello", { model: "nothing" }))).status).toBe(404);
  expect((await stack.post("/v1/messages", {})).status).toBe(400);
  gone.abort();
  let stats = await statsOf(stack);
  while (stats.requests.cancelled !== 2) stats = await statsOf(stack);
  expect(stats).toMatchObject({
    in_flight: 0,
    requests: { completed: 1, failed: 2, broken: 0, cancelled: 2 },
  });
});

test("how many keys there are, and how the ledger is doing, but no name", async () => {
  const team = await startTeam();
  onTestFinished(() => team.close());
  await team.newKey({ name: "secret-project" });
  await team.post("/v1/messages", ask("Hello"));
  await team.stored(1);
  let stats = await statsOf(team);
  while (stats.ledger?.spooled !== 0) stats = await statsOf(team);
  expect(stats.keys).toBe(3);
  expect(stats.ledger).toEqual({
    engine: expect.any(String),
    queued: 0,
    spooled: 0,
    dropped: 0,
    failing: false,
  });
  expect(JSON.stringify(stats)).not.toMatch(/secret-project|boss|aic_/);
});

test("without keys and without a ledger there is none to tell of", async () => {
  const open = await startStack({ proxy: { keys: [], noAuth: true } });
  onTestFinished(() => open.close());
  expect(await statsOf(open)).toMatchObject({ keys: null, ledger: null });
});
