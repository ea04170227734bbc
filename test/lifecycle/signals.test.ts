/** How `serve` ends, and what signals may not do (security F44, F45, T8, T9). */
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { WireName } from "../../src/hub/wire.ts";
import { firstLine, temporaryFolder } from "../cli/run.ts";
import { loggedInWorld } from "../commands/world.ts";
import { readStream } from "../matrix/client.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { serve } from "./serving.ts";

const MODEL = "claude-sonnet-4-5";
const STREAMS: Record<WireName, [path: string, body: object]> = {
  anthropic: ["/v1/messages", ask("Hello", { stream: true })],
  "openai-chat": ["/v1/chat/completions", ask("Hello", { stream: true })],
  "openai-responses": ["/v1/responses", { model: MODEL, input: "Hello", stream: true }],
  gemini: [
    `/v1beta/models/${MODEL}:streamGenerateContent?alt=sse`,
    { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
  ],
};
const WIRES = Object.keys(STREAMS) as WireName[];

/** The text of an answer from its first byte on: resolves at once, and its `rest` at the end. */
async function begun(answer: Response): Promise<{ rest: Promise<string> }> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error("no body");
  const first = await reader.read();
  const rest = async () => {
    let text = first.value ?? "";
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    return text;
  };
  return { rest: rest() };
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "F44 %s to an idle serve ends it without the drain",
  async (signal) => {
    const proxy = await serve(await loggedInWorld(), "--port 0 --drain 3600");
    await (await proxy.get("/ready")).text();
    proxy.child.kill(signal);
    expect(await proxy.child.result).toMatchObject({ code: 0, signal: null, stderr: "" });
  },
);

test("F44 SIGTERM while SAP is silent ends it too", async () => {
  const world = await loggedInWorld();
  world.sandbox.faults.add({ path: "/v2/lm/deployments", silence: true, times: 9 });
  const child = world.start("serve --json --port 0");
  await world.sandbox.waitFor(({ path }) => path.includes("/v2/lm/deployments"));
  child.kill("SIGTERM");
  expect(await child.result).toMatchObject({ code: 0, stderr: "" });
});

test("F45 a stream that ends within the drain is whole; what comes meanwhile is refused", async () => {
  const world = await loggedInWorld({ pace: 60 });
  const proxy = await serve(world, "--port 0 --drain 3600");
  const stream = await proxy.post("/v1/messages", ask(`Say: ${"word ".repeat(40)}`, { stream: true }));
  const { rest } = await begun(stream);
  proxy.child.kill("SIGTERM");
  await expect.poll(async () => (await proxy.get("/ready")).status).toBe(503);
  expect((await proxy.get("/health")).status).toBe(200);
  const refused = await proxy.post("/v1/messages", ask("Hello"));
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([529, "1"]);
  expect((await proxy.post("/v1/chat/completions", ask("Hello"))).status).toBe(503);
  expect(checkStream(await rest).complete).toBe(true);
  expect(await proxy.child.result).toMatchObject({ code: 0, stderr: "" });
});

test("F45 after the drain streams end with an error in the words of their dialect", async () => {
  const world = await loggedInWorld();
  world.sandbox.faults.add({ afterEvents: 4, ending: "silence", times: WIRES.length });
  const proxy = await serve(world, "--port 0 --drain 0");
  const streams = await Promise.all(
    WIRES.map(async (wire) => await begun(await proxy.post(...STREAMS[wire]))),
  );
  proxy.child.kill("SIGTERM");
  for (const [index, wire] of WIRES.entries()) {
    const { complete, error } = readStream(wire, (await streams[index]?.rest) ?? "");
    expect([wire, complete, error]).toEqual([wire, false, expect.stringContaining("shutting down")]);
  }
  expect(await proxy.child.result).toMatchObject({ code: 0, stderr: "" });
});

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)("F45 a second signal, %s, ends at once with %i", async (signal, code) => {
  const world = await loggedInWorld();
  world.sandbox.faults.add({ silence: true });
  const proxy = await serve(world, "--port 0 --drain 3600");
  proxy.post("/v1/messages", ask("Hello")).catch(() => {});
  await world.sandbox.waitFor(({ kind, body }) => kind === "inference" && body !== "");
  proxy.child.kill("SIGTERM");
  await expect.poll(async () => (await proxy.get("/ready")).status).toBe(503);
  proxy.child.kill(signal);
  expect(await proxy.child.result).toMatchObject({ code, signal: null });
  expect((await world.run("status --json")).stdout).toContain('"proxies": []');
});

/** Any free port: what would be opened must not meet another test's. */
const NO_PORT = ["--inspect-port=127.0.0.1:0"];

test("T9 SIGUSR1 opens no inspector in serve", async () => {
  const proxy = await serve(await loggedInWorld(), "--port 0", { node: NO_PORT });
  proxy.child.kill("SIGUSR1");
  expect((await proxy.get("/ready")).status).toBe(200);
  proxy.child.kill("SIGTERM");
  expect(await proxy.child.result).toMatchObject({ code: 0, stderr: "" });
});

/** A stand-in for Claude Code that runs until SIGTERM. */
const FAKE = `#!${process.execPath}
process.on("SIGTERM", () => process.exit(9));
setInterval(() => {}, 1000);
console.log("here");
`;

async function worldWithClaude() {
  const world = await loggedInWorld();
  const bin = temporaryFolder();
  writeFileSync(join(bin, "claude"), FAKE);
  chmodSync(join(bin, "claude"), 0o755);
  world.env.PATH = bin;
  return world;
}

test("T9 SIGUSR1 opens no inspector in a launcher", async () => {
  const child = (await worldWithClaude()).start("claude", { node: NO_PORT });
  await firstLine(child);
  child.kill("SIGUSR1");
  child.kill("SIGTERM");
  const { code, stderr } = await child.result;
  expect(code).toBe(9);
  expect(stderr).not.toContain("Debugger");
});

test("T8 a debugger that Node was told to open is warned of", async () => {
  const flags = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };
  const warning = "Warning: Node was started with --inspect: a debugger can read the token.\n";
  const world = await worldWithClaude();
  const child = world.start("claude", { env: flags });
  await firstLine(child);
  child.kill("SIGTERM");
  expect((await child.result).stderr.split(warning)).toHaveLength(2);
  const served = world.start("serve --port 0", {
    env: { NODE_OPTIONS: "--report-on-fatalerror", AICORE_LOG_FORMAT: "text" },
  });
  const said = await new Promise((resolve) => served.stderr?.once("data", resolve));
  expect(said).toMatch(/^Warning: Node was started with --report-on-fatalerror: the file that it writes can/);
});

const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));
const HAS_SCRIPT = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

test.skipIf(!HAS_SCRIPT)("SIGHUP on a terminal is its end: serve stops", async () => {
  const world = await loggedInWorld();
  const command = `"${process.execPath}" "${BIN}" serve --json --port 0`;
  const env = { PATH: process.env.PATH, TERM: "xterm", SHELL: "/bin/sh", ...world.env };
  const terminal = spawn("script", ["-qefc", command, "/dev/null"], { env });
  onTestFinished(() => void terminal.kill("SIGKILL"));
  const { pid } = JSON.parse(await firstLine(terminal));
  process.kill(pid, "SIGHUP");
  expect(await new Promise((resolve) => terminal.once("close", resolve))).toBe(0);
});
