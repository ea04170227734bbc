/** From a request through the real program to `aicore usage`: the tokens are SAP's, the cost is the catalogue's. */
import { expect, test } from "vitest";
import { firstLine } from "../cli/run.ts";
import { loggedInWorld } from "../commands/world.ts";

const ask = (content: string) => ({
  model: "sonnet",
  max_tokens: 100,
  messages: [{ role: "user", content }],
});

test("what serve answered stands in usage with its cost, while it runs", async () => {
  const world = await loggedInWorld();
  world.env.AICORE_API_KEYS = "key-of-a-test";
  const serving = world.start("serve --port 0 --json");
  const { url } = JSON.parse(await firstLine(serving));
  for (const text of ["Say: one", "Say: two"]) {
    const answer = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-api-key": "key-of-a-test",
        "user-agent": "claude-cli/2.1",
      },
      body: JSON.stringify(ask(text)),
    });
    expect(answer.status).toBe(200);
    await answer.text();
  }
  const usage = async () => JSON.parse((await world.run("usage --by model,tool --json")).stdout);
  await expect.poll(async () => (await usage()).total.requests, { timeout: 15_000 }).toBe(2);
  const { rows } = await usage();
  const reported = world.sandbox.usage.map(({ usage: told }) => told);
  const sum = (name: string) => reported.reduce((total, told) => total + Number(told[name]), 0);
  const [input, output] = [sum("input_tokens"), sum("output_tokens")];
  // Claude 4.6 Sonnet in the sandbox's catalogue, in GenAI tokens for a thousand.
  const units = ((input * 0.00223 + output * 0.01087) / 1_000) * 1.90385;
  expect(rows).toMatchObject([
    {
      group: { model: "anthropic--claude-4.6-sonnet", tool: "claude-code" },
      requests: 2,
      input_tokens: input,
      output_tokens: output,
      unpriced: 0,
    },
  ]);
  expect(rows[0].capacity_units).toBeCloseTo(units, 5);
});

test("one question to `aicore chat` is recorded with its cost too", async () => {
  const world = await loggedInWorld();
  expect((await world.run("chat hello")).code).toBe(0);
  const { stdout } = await world.run("usage --by key --json");
  expect(JSON.parse(stdout)).toMatchObject({
    rows: [{ group: { key: "one-time" }, requests: 1, unpriced: 0 }],
  });
});
