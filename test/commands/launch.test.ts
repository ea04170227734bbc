import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { firstLine, temporaryFolder } from "../cli/run.ts";
import { install } from "./fake-tool.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

/** A stand-in for Claude Code: tells how it was started, asks the proxy for its models, then does as it is told. */
const FAKE = `#!${process.execPath}
const { argv, env } = process;
const headers = { authorization: "Bearer " + env.ANTHROPIC_AUTH_TOKEN };
const status = (await fetch(env.ANTHROPIC_BASE_URL + "/v1/models", { headers })).status;
if (env.FAKE_WAIT) {
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => { console.log(signal); process.exit(9); });
  process.on("SIGINT", () => console.log("SIGINT"));
  setInterval(() => {}, 1000);
}
console.log(JSON.stringify({ args: argv.slice(2), env, status }));
if (env.FAKE_SIGNAL) process.kill(process.pid, env.FAKE_SIGNAL);
else if (!env.FAKE_WAIT) process.exit(Number(env.FAKE_EXIT ?? 0));
`;

async function withClaude(script = FAKE, mode = 0o755): Promise<World> {
  const world = await loggedInWorld();
  install(world, "claude", script, mode);
  return world;
}

interface Told {
  args: string[];
  env: Record<string, string>;
  status: number;
}

describe("aicore claude", () => {
  test("starts Claude Code with a working proxy, its own key, and none of our secrets", async () => {
    const world = await withClaude();
    world.env.ANTHROPIC_API_KEY = "sk-ant-users-own";
    const { code, stdout, stderr } = await world.run("claude");
    const { env, status } = JSON.parse(stdout) as Told;
    expect({ code, status }).toEqual({ code: 0, status: 200 });
    expect(env.ANTHROPIC_BASE_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(env.ANTHROPIC_AUTH_TOKEN).toMatch(/^aicl_[\w-]{43}$/);
    expect(env).toMatchObject({
      ANTHROPIC_DEFAULT_OPUS_MODEL: "anthropic--claude-4.8-opus",
      ANTHROPIC_DEFAULT_HAIKU_MODEL: "anthropic--claude-4.5-haiku",
      NO_PROXY: "127.0.0.1,localhost,::1",
    });
    expect(Object.keys(env)).not.toContain("ANTHROPIC_API_KEY");
    expect(Object.keys(env)).not.toContain("AICORE_SERVICE_KEY");
    expect(JSON.stringify(env)).not.toContain(String(world.sandbox.serviceKey.clientsecret));
    expect(stderr).toBe(
      "Claude Code through SAP AI Core (environment): opus = anthropic--claude-4.8-opus, " +
        "sonnet = anthropic--claude-4.6-sonnet, haiku = anthropic--claude-4.5-haiku\n",
    );
  });

  test.each<[string, string[]]>([
    ["claude", []],
    ["claude --help", ["--help"]],
    ["claude --json --version -v -q", ["--json", "--version", "-v", "-q"]],
    ["claude --profile x -p hello", ["--profile", "x", "-p", "hello"]],
    ["claude -- --resume", ["--", "--resume"]],
    ["-q claude mcp list", ["mcp", "list"]],
    ["claude help", ["help"]],
  ])("aicore %s: what stands behind the name is the tool's, untouched", async (command, args) => {
    const world = await withClaude();
    expect((JSON.parse((await world.run(command)).stdout) as Told).args).toEqual(args);
  });

  test("-q before the name keeps us silent", async () => {
    const world = await withClaude();
    expect((await world.run("-q claude")).stderr).toBe("");
  });

  test.each<[string, Record<string, string>, number]>([
    ["its exit code", { FAKE_EXIT: "3" }, 3],
    ["128 + 15 for SIGTERM", { FAKE_SIGNAL: "SIGTERM" }, 143],
    ["128 + 9 for SIGKILL", { FAKE_SIGNAL: "SIGKILL" }, 137],
  ])("ends with %s", async (_name, env, code) => {
    const world = await withClaude();
    expect(await world.run("claude", { env })).toMatchObject({ code, signal: null });
  });

  test.each(["SIGTERM", "SIGHUP"] as const)("hands %s on", async (signal) => {
    const world = await withClaude();
    const child = world.start("claude", { env: { FAKE_WAIT: "1" } });
    await firstLine(child);
    child.kill(signal);
    expect(await child.result).toMatchObject({ code: 9, stdout: expect.stringContaining(`\n${signal}\n`) });
  });

  test("leaves SIGINT to the tool, which gets it from the terminal", async () => {
    const world = await withClaude();
    const child = world.start("claude", { env: { FAKE_WAIT: "1" } });
    await firstLine(child);
    child.kill("SIGINT");
    child.kill("SIGTERM");
    expect(await child.result).toMatchObject({ code: 9, stdout: expect.not.stringContaining("SIGINT") });
  });

  test("is 127 with the line that installs it when it is missing, before anyone logs in", async () => {
    const world = await newWorld();
    const { code, stderr } = await world.run("claude", { env: { PATH: temporaryFolder() } });
    expect(stderr).toBe(
      "Error: Claude Code is not installed: there is no claude on PATH.\n" +
        "Install it with: npm install -g @anthropic-ai/claude-code\n",
    );
    expect(code).toBe(127);
  });

  test.each([
    ["has no right to run", FAKE, 0o644],
    ["has an interpreter that is missing", "#!/no/such/interpreter\n", 0o755],
  ])("is 126 when it %s", async (_name, script, mode) => {
    const world = await withClaude(script, mode);
    world.env.PATH = world.env.PATH?.split(delimiter)[0];
    const { code, stderr } = await world.run("claude");
    expect(stderr).toContain("claude was found but cannot be run.");
    expect(code).toBe(126);
  });

  test("is 4 when nobody is logged in", async () => {
    const world = await withClaude();
    delete world.env.AICORE_SERVICE_KEY;
    expect(await world.run("claude")).toMatchObject({ code: 4, stdout: "" });
  });

  test("warns of Claude Code settings that would win", async () => {
    const world = await withClaude();
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, ".claude"));
    writeFileSync(
      join(cwd, ".claude", "settings.json"),
      '{"env":{"ANTHROPIC_BASE_URL":"https://else.example","ANTHROPIC_AUTH_TOKEN":"foreign"}}',
    );
    const { stderr } = await world.run("claude", { cwd });
    expect(stderr).toMatch(
      /Warning: .*settings\.json sets env\.ANTHROPIC_AUTH_TOKEN, which overrides aicore/,
    );
    expect(stderr).not.toMatch(/else\.example|foreign/);
  });
});
