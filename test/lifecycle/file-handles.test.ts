/** A process that runs out of file handles (security F56). */
import { spawnSync } from "node:child_process";
import { Agent, type IncomingMessage, request } from "node:http";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { loggedInWorld } from "../commands/world.ts";
import { ask } from "../support/questions.ts";
import { type Serving, serve } from "./serving.ts";

const CROWD = 100;
/** Of util-linux: changes the limits of a process that runs. */
const PRLIMIT = "prlimit";
const HAS_PRLIMIT = spawnSync(PRLIMIT, ["--version"]).status === 0;
const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));

/** How one request to a model went: its status and headers, or the error of its connection. */
type Outcome = { status: number; path: string; answer: IncomingMessage } | { error: string };

function askOnce(proxy: Serving, path: string, agent: Agent): Promise<Outcome> {
  return new Promise((resolve) => {
    const headers = { "content-type": "application/json", "x-api-key": proxy.key };
    const sent = request(proxy.url + path, { method: "POST", headers, agent });
    sent.once("response", (answer) => {
      answer.on("error", () => {});
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, path, answer });
    });
    sent.once("error", (error: NodeJS.ErrnoException) => resolve({ error: error.code ?? "" }));
    sent.end(JSON.stringify(ask("Hello", { stream: true })));
  });
}

test.skipIf(!HAS_PRLIMIT)("F56 with 64 file handles and more streams than that", async () => {
  const world = await loggedInWorld();
  const proxy = await serve(world);
  // The first answer says that the routes are loaded, which takes more files than are left below.
  expect((await proxy.post("/v1/messages", ask("Hello"))).status).toBe(200);
  spawnSync(PRLIMIT, ["--nofile=64:64", "--pid", String(proxy.child.pid)]);
  expect((await proxy.post("/v1/messages", ask("Hello"))).status).toBe(200);

  world.sandbox.faults.add({ afterEvents: 3, ending: "silence", times: CROWD });
  const agent = new Agent({ keepAlive: true });
  const outcomes = await Promise.all(
    Array.from({ length: CROWD }, (_, index) =>
      askOnce(proxy, index % 2 ? "/v1/messages" : "/v1/chat/completions", agent),
    ),
  );
  const answered = outcomes.filter((outcome) => "status" in outcome);
  const refusals = answered.filter(({ status }) => status !== 200);
  for (const { status, path, answer } of refusals) {
    expect([status, answer.headers["retry-after"], answer.headers.connection]).toEqual([
      path === "/v1/messages" ? 529 : 503,
      "1",
      "close",
    ]);
  }
  const broken = outcomes.flatMap((outcome) => ("error" in outcome ? [outcome.error] : []));
  expect(broken.filter((code) => !["ECONNRESET", "EPIPE"].includes(code))).toEqual([]);
  expect(answered.length).toBeGreaterThan(refusals.length);
  expect(refusals.length + broken.length).toBeGreaterThan(0);
  expect(proxy.child.exitCode).toBeNull();

  agent.destroy();
  world.sandbox.faults.clear();
  const works = () =>
    proxy.post("/v1/messages", ask("Hello")).then(
      ({ status }) => status,
      () => 0,
    );
  await expect.poll(works).toBe(200);
  proxy.child.kill("SIGTERM");
  expect(await proxy.child.result).toMatchObject({ code: 0, stderr: "" });
});

test.skipIf(process.platform === "win32")("F56 too few to start with is an error, and no silent end", () => {
  const script = 'ulimit -n 40; exec "$0" "$@"';
  const env = { PATH: process.env.PATH, AICORE_CLI_HOME: temporaryFolder() };
  const ran = spawnSync("/bin/sh", ["-c", script, process.execPath, BIN, "serve"], { env, encoding: "utf8" });
  // Node 22 loads modules with fewer handles than Node 20, and comes as far as to miss the credentials.
  const [started] = /No SAP AI Core credentials|too many open files/.exec(ran.stderr) ?? [];
  expect([started, ran.status]).toEqual(started === "too many open files" ? [started, 1] : [started, 4]);
  expect(started).toBeDefined();
});
