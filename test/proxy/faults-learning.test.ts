/** A 400 that names what it refuses is repaired once, and remembered for that deployment (DESIGN 6). */
import { expect, onTestFinished, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { SandboxOptions } from "../../src/sandbox/index.ts";
import { ask } from "../support/questions.ts";
import { type Stack, startStack } from "../support/stack.ts";

async function start(sandbox: SandboxOptions = {}): Promise<Stack> {
  const stack = await startStack({ sandbox });
  onTestFinished(() => stack.close());
  return stack;
}

/** Asks, and tells the status with what arrived at the model meanwhile. */
async function exchange({ sandbox, post }: Stack, body: JsonObject, betas?: string) {
  sandbox.requests.length = 0;
  const answer = await post("/v1/messages", body, { "anthropic-beta": betas });
  await answer.text();
  const sent = sandbox.requests.filter(({ kind }) => kind === "inference");
  return { status: answer.status, bodies: sent.map(({ body }) => JSON.parse(body) as JsonObject) };
}

const betasOf = (bodies: JsonObject[]) => bodies.map((body) => body.anthropic_beta);
const EFFORT = "effort-2025-11-24";
const INTERLEAVED = "interleaved-thinking-2025-05-14";
const LONG = "context-1m-2025-08-07";

test("`invalid beta flag` drops all but the core betas, once, and the next request starts without them", async () => {
  const stack = await start({ unknownBetas: [EFFORT] });
  const first = await exchange(stack, ask("Hello"), `${INTERLEAVED},${EFFORT}`);
  expect(first.status).toBe(200);
  expect(betasOf(first.bodies)).toEqual([[INTERLEAVED, EFFORT], undefined]);
  const second = await exchange(stack, ask("Hello again"), `${INTERLEAVED},${EFFORT}`);
  expect(betasOf(second.bodies)).toEqual([undefined]);
  const haiku = await exchange(stack, ask("Hello", { model: "claude-haiku-4-5" }), INTERLEAVED);
  expect(betasOf(haiku.bodies)).toEqual([[INTERLEAVED]]);
});

test("a core beta goes when nothing else is left to blame, and the third call is the last", async () => {
  const stack = await start({ unknownBetas: [EFFORT, LONG] });
  const { status, bodies } = await exchange(stack, ask("Hello", { model: "claude-sonnet-4-5[1m]" }), EFFORT);
  expect(status).toBe(200);
  expect(betasOf(bodies)).toEqual([[EFFORT, LONG], [LONG], undefined]);
});

test("an extra input is left out from then on", async () => {
  const stack = await start();
  const refusal = { message: "top_k: Extra inputs are not permitted" };
  stack.sandbox.faults.add({ status: 400, body: refusal });
  const first = await exchange(stack, ask("Hello", { top_k: 5, temperature: 1 }));
  expect(first.status).toBe(200);
  expect(first.bodies.map((body) => body.top_k)).toEqual([5, undefined]);
  expect(first.bodies[1]?.temperature).toBe(1);
  const second = await exchange(stack, ask("Hello", { top_k: 5 }));
  expect(second.bodies.map((body) => body.top_k)).toEqual([undefined]);
});

test("a repair that does not help is not made twice", async () => {
  const stack = await start();
  const refusal = { message: "top_k: Extra inputs are not permitted" };
  stack.sandbox.faults.add({ status: 400, body: refusal, times: 99 });
  const first = await exchange(stack, ask("Hello", { top_k: 5 }));
  expect([first.status, first.bodies.length]).toEqual([400, 2]);
  const second = await exchange(stack, ask("Hello", { top_k: 5 }));
  expect([second.status, second.bodies.length]).toEqual([400, 1]);
});

test.each([
  "max_tokens: Extra inputs are not permitted",
  "messages: at least one message is required",
  "invalid beta flag",
])("%j cannot be repaired: told at once", async (message) => {
  const stack = await start();
  stack.sandbox.faults.add({ status: 400, body: { message }, times: 99 });
  const { status, bodies } = await exchange(stack, ask("Hello"));
  expect([status, bodies.length]).toEqual([400, 1]);
});

test("requests in parallel that meet the same refusal are all repaired", async () => {
  const stack = await start({ unknownBetas: [EFFORT] });
  const asked = Array.from({ length: 8 }, () =>
    stack.post("/v1/messages", ask("Hello"), { "anthropic-beta": EFFORT }),
  );
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
});
