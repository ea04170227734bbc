/** The probes of containers, run as they stand in the files, beside a real `aicore serve`. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loggedInWorld, type World } from "../commands/world.ts";
import { type Serving, serve } from "../lifecycle/serving.ts";
import { finalOf, wordsOf } from "./dockerfile.ts";
import { objectIn, ROOT } from "./files.ts";
import type { Deployment } from "./kubernetes.ts";

const HEALTHCHECK = wordsOf(finalOf("deploy/Dockerfile", "HEALTHCHECK"));
const READINESS =
  objectIn<Deployment>("deploy/kubernetes/deployment.yaml").spec.template.spec.containers[0]?.readinessProbe
    ?.exec?.command ?? [];

/** Runs it as the container would, where /app is this repository. */
function probe({ home }: World, { port }: { port: number }, [node, ...words]: string[]) {
  expect(node).toBe("node");
  const args = words.map((word) => word.replace(/^\/app\//, `${ROOT}/`));
  const env = { PATH: process.env.PATH, AICORE_CLI_HOME: home, AICORE_PORT: String(port) };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text: Buffer) => {
    said += text;
  });
  return new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once("close", (code) => resolve({ code, said }));
  });
}

async function end({ child }: Serving): Promise<void> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await closed;
}

test("both succeed while it serves, and fail when it is gone", async () => {
  const world = await loggedInWorld();
  const proxy = await serve(world);
  expect(await probe(world, proxy, HEALTHCHECK)).toEqual({ code: 0, said: "" });
  expect(await probe(world, proxy, READINESS)).toEqual({ code: 0, said: "" });
  await end(proxy);
  expect(await probe(world, proxy, HEALTHCHECK)).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^\/health: .*ECONNREFUSED/),
  });
  expect(await probe(world, proxy, READINESS)).toMatchObject({ code: 1 });
});

test("without models it is alive, and not ready", async () => {
  const world = await loggedInWorld({ deployments: [] });
  const proxy = await serve(world);
  expect(await probe(world, proxy, HEALTHCHECK)).toMatchObject({ code: 0 });
  expect(await probe(world, proxy, READINESS)).toEqual({ code: 1, said: "/ready: answers 503\n" });
});

test("a readiness probe that finds no local key says which file it misses", async () => {
  const world = await loggedInWorld();
  const { code, said } = await probe({ ...world, home: join(world.home, "none") }, { port: 1 }, READINESS);
  expect([code, said]).toEqual([1, expect.stringContaining(join("none", "state", "local-key"))]);
});
