/** What may change while `serve` runs: names, keys, the log, the shares of profiles (issue: lifecycle). */
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startSandbox } from "../../src/sandbox/index.ts";
import { loggedInWorld, newWorld } from "../commands/world.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { configure, localKeyOf, type Serving, serve, untilSaid } from "./serving.ts";

const HAIKU = "anthropic--claude-4.5-haiku";

async function hangUp({ child, events }: Serving, tells = "reloaded") {
  child.kill("SIGHUP");
  return await events.next(tells);
}

/** A change may be noticed by itself beside the signal, and be told twice: so what counts is what holds in the end. */
const statusesOf = (proxy: Serving, ...models: string[]) =>
  expect.poll(async () => await Promise.all(models.map((model) => statusOf(proxy, model))), {
    timeout: 15_000,
  });

const statusOf = async (proxy: Serving, model: string) => (await proxy.get(`/v1/models/${model}`)).status;

test("SIGHUP: names follow config.json, back and forth", async () => {
  const world = await loggedInWorld();
  const proxy = await serve(world);
  expect([await statusOf(proxy, "fast"), await statusOf(proxy, "claude-sonnet-99")]).toEqual([404, 200]);
  configure(world, { aliases: { fast: HAIKU }, models: { strict: true } });
  await hangUp(proxy);
  await statusesOf(proxy, "fast", "claude-sonnet-99").toEqual([200, 404]);
  rmSync(join(world.home, "config", "config.json"));
  await hangUp(proxy);
  await statusesOf(proxy, "fast", "claude-sonnet-99").toEqual([404, 200]);
});

test("keys come and go, plain or as digests; a stream that began with one goes on without it", async () => {
  const world = await loggedInWorld({ pace: 60 });
  configure(world, { server: { apiKeys: ["old-key"] } });
  const proxy = await serve(world);
  const { key } = proxy;
  const digest = createHash("sha256").update("digest-key").digest("hex");
  const known = async (...keys: string[]) =>
    await Promise.all(keys.map(async (each) => (await proxy.get("/v1/models", each)).status === 200));
  expect(await known(key, "old-key", "new-key", "digest-key")).toEqual([true, true, false, false]);
  const stream = await proxy.post(
    "/v1/messages",
    ask(`Say: ${"word ".repeat(60)}`, { stream: true }),
    "old-key",
  );
  configure(world, { server: { apiKeys: ["new-key", `sha256:${digest}`] } });
  await hangUp(proxy);
  expect(await known(key, "old-key", "new-key", "digest-key", `sha256:${digest}`)).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(checkStream(await stream.text()).complete).toBe(true);
});

test("without a signal a change is noticed too, of the local key as well", async () => {
  const world = await loggedInWorld();
  const proxy = await serve(world);
  configure(world, { aliases: { fast: HAIKU } });
  await proxy.events.next("reloaded");
  expect(await statusOf(proxy, "fast")).toBe(200);
  rmSync(join(world.home, "state", "local-key"));
  await proxy.events.next("reloaded");
  const fresh = localKeyOf(world.home);
  expect(fresh).not.toBe(proxy.key);
  expect((await proxy.get("/v1/models", proxy.key)).status).toBe(401);
  expect((await proxy.get("/v1/models", fresh)).status).toBe(200);
});

test("a broken config.json is told once and changes nothing; mended, it counts without a signal", async () => {
  const world = await loggedInWorld();
  configure(world, { aliases: { fast: HAIKU }, server: { apiKeys: ["mine"] } });
  const proxy = await serve(world);
  configure(world, '{"aliases": ');
  const failed = await hangUp(proxy, "reload_failed");
  expect(failed.message).toMatch(/^config\.json line 1, column 13: not valid JSON/);
  proxy.child.kill("SIGHUP");
  expect(await statusOf(proxy, "fast")).toBe(200);
  expect((await proxy.get("/v1/models", "mine")).status).toBe(200);
  configure(world, { server: { apiKeys: ["sha256:canary-key"] } });
  const wrong = await hangUp(proxy, "reload_failed");
  expect(wrong.message).toMatch(/^server\.apiKeys: expected a list of keys/);
  expect(JSON.stringify(wrong)).not.toContain("canary");
  configure(world, { aliases: { quick: HAIKU } });
  await proxy.events.next("reloaded");
  expect([await statusOf(proxy, "fast"), await statusOf(proxy, "quick")]).toEqual([404, 200]);
  expect((await proxy.get("/v1/models", "mine")).status).toBe(401);
  expect(proxy.events.all.filter(({ event }) => event === "reload_failed")).toHaveLength(2);
});

test("log.level counts from then on, and people read what happened", async () => {
  const world = await loggedInWorld();
  world.env.AICORE_LOG_FORMAT = "text";
  configure(world, { log: { level: "warn" } });
  const child = world.start("serve --port 0");
  await untilSaid(child, "Ctrl-C");
  configure(world, "{");
  child.kill("SIGHUP");
  expect(await untilSaid(child, "stay as they were")).toMatch(
    / warn {2}the settings stay as they were: config\.json line 1, column 2: not valid JSON/,
  );
  configure(world, { log: { level: "info" }, modles: {} });
  child.kill("SIGHUP");
  await untilSaid(child, "the settings were read again");
  child.kill("SIGTERM");
  const { stderr, code } = await child.result;
  expect(code).toBe(0);
  expect(stderr.match(/stay as they were/g)).toHaveLength(1);
  expect(stderr).toContain('unknown setting "modles"');
});

test("the priority of a profile counts from the next conversation on", async () => {
  const world = await newWorld();
  const other = await startSandbox();
  onTestFinished(() => other.close());
  const otherKey = join(world.home, "other.json");
  writeFileSync(otherKey, JSON.stringify(other.serviceKey), { mode: 0o600 });
  await world.run(`--profile two login --insecure-storage ${otherKey}`);
  await world.run(`--profile one login --insecure-storage ${world.keyFile}`);
  const path = join(world.home, "config", "config.json");
  const preferring = (first: string, second: string) => {
    const config = JSON.parse(readFileSync(path, "utf8"));
    config.profiles[first].priority = 1;
    config.profiles[second].priority = 2;
    configure(world, config);
  };
  preferring("one", "two");
  const proxy = await serve(world);
  const hits = () =>
    [world.sandbox, other].map(({ requests }) => requests.filter(({ kind }) => kind === "inference").length);
  for (const word of ["a", "b", "c"]) await proxy.post("/v1/messages", ask(word));
  expect(hits()).toEqual([3, 0]);
  preferring("two", "one");
  await hangUp(proxy);
  for (const word of ["d", "e", "f"]) await proxy.post("/v1/messages", ask(word));
  expect(hits()).toEqual([3, 3]);
});
