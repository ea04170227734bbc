/** The second start of `serve`: it is ready with the models of the last time, while SAP is still asked. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serve, untilSaid } from "../lifecycle/serving.ts";
import { MODELS } from "../support/default-tenant.ts";
import { loggedInWorld, type World } from "./world.ts";

const HELLO = {
  model: "claude-sonnet-4.5",
  max_tokens: 16,
  messages: [{ role: "user", content: "Hello" }],
};

/** Its models are known, and nothing is asked any more. */
async function startedBefore(env: NodeJS.ProcessEnv = {}): Promise<World> {
  const world = await loggedInWorld();
  Object.assign(world.env, env);
  expect((await world.run("models list")).code).toBe(0);
  return world;
}

test("it is ready at once, and its first request waits for what is needed to answer it", async () => {
  const world = await startedBefore();
  const { events, post } = await serve(world);
  expect(events.all).toMatchObject([{ event: "ready", models: MODELS.length }]);
  expect((await post("/v1/messages", HELLO)).status).toBe(200);
});

test("SAP that cannot be reached is told behind it, and goes on being asked", async () => {
  const world = await startedBefore({ AICORE_LOG_FORMAT: "text" });
  await world.sandbox.close();
  const said = await untilSaid(world.start("serve --port 0"), "No models yet: ");
  expect(said).toMatch(new RegExp(`; ${MODELS.length} models\\)[^]*No models yet`));
});

test("it does not wait for a tenant whose answer takes long", async () => {
  const world = await startedBefore();
  world.sandbox.faults.add({ path: "/v2/lm/deployments", delay: 600_000, times: 100 });
  const { events, child } = await serve(world);
  expect(events.all).toMatchObject([{ event: "ready", models: MODELS.length }]);
  child.kill("SIGTERM");
  expect((await child.result).code).toBe(0);
});

test("with another resource group nothing is known: it is asked for first", async () => {
  const world = await startedBefore();
  const { events } = await serve(world, "--port 0 --resource-group other");
  expect(events.all).toMatchObject([{ event: "ready", models: 0 }]);
});

test.each<[string, NodeJS.ProcessEnv, number]>([
  ["the database", { AICORE_DATABASE_URL: "mysql://localhost/x" }, 3],
  ["a proxy", { HTTPS_PROXY: "socks://localhost:1" }, 3],
  ["a certificate authority", { NODE_EXTRA_CA_CERTS: "ca.pem" }, 3],
])("what cannot be used of %s is refused before it is ready", async (_what, env, exitCode) => {
  const world = await startedBefore();
  writeFileSync(join(world.home, "ca.pem"), "nothing");
  if (env.NODE_EXTRA_CA_CERTS) env.NODE_EXTRA_CA_CERTS = join(world.home, "ca.pem");
  Object.assign(world.env, env);
  expect(await world.run("serve --port 0 --json")).toMatchObject({ code: exitCode, stdout: "" });
});

test("nobody logged in any more is refused, whatever is known", async () => {
  const world = await startedBefore();
  delete world.env.AICORE_SERVICE_KEY;
  expect(await world.run("serve --port 0 --json")).toMatchObject({ code: 4, stdout: "" });
});
