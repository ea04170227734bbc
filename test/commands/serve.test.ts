import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { firstLine, temporaryFolder } from "../cli/run.ts";
import { MODELS } from "../support/default-tenant.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

interface Ready {
  event: string;
  url: string;
  port: number;
  pid: number;
  models: number;
}

async function serving(world: World, args = "--port 0") {
  const child = world.start(`serve --json ${args}`);
  const ready = JSON.parse(await firstLine(child)) as Ready;
  const keyFile = join(world.home, "state", "local-key");
  const key = existsSync(keyFile) ? readFileSync(keyFile, "utf8").trim() : "";
  return { child, ready, key, keyFile };
}

const ask = (url: string, key: string) =>
  fetch(`${url}/v1/models`, { headers: key ? { authorization: `Bearer ${key}` } : {} });

describe("serve", () => {
  test("prints one ready line, answers with the local key, and ends with 0 at SIGTERM", async () => {
    const world = await loggedInWorld();
    const { child, ready, key, keyFile } = await serving(world);
    expect(ready).toEqual({
      event: "ready",
      url: `http://127.0.0.1:${ready.port}`,
      port: ready.port,
      pid: child.pid,
      models: MODELS.length,
    });
    expect(key).toMatch(/^aicl_[\w-]{43}$/);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect((await ask(ready.url, key)).status).toBe(200);
    expect((await ask(ready.url, "")).status).toBe(401);
    child.kill("SIGTERM");
    const { code, stdout, stderr } = await child.result;
    expect({ code, stderr, lines: stdout.trim().split("\n").length }).toEqual({
      code: 0,
      stderr: "",
      lines: 1,
    });
    const left = readdirSync(join(world.home, "state")).filter((name) => !name.includes(".db"));
    expect(left).toEqual(["local-key"]);
  });

  test("keeps its key, accepts AICORE_API_KEYS, and is not moved by SIGUSR1", async () => {
    const world = await loggedInWorld();
    const first = await serving(world);
    first.child.kill("SIGINT");
    expect(await first.child.result).toMatchObject({ code: 0 });
    world.env.AICORE_API_KEYS = "one, two";
    const second = await serving(world);
    expect(second.key).toBe(first.key);
    second.child.kill("SIGUSR1");
    for (const key of [second.key, "one", "two"]) expect((await ask(second.ready.url, key)).status).toBe(200);
  });

  test("starts without models when the tenant does not answer", async () => {
    const world = await loggedInWorld();
    await world.sandbox.close();
    const { ready } = await serving(world);
    expect(ready.models).toBe(0);
  });

  test("talks to people on stderr: address, models, how to use it, and never the key", async () => {
    const world = await loggedInWorld();
    world.env.AICORE_LOG_FORMAT = "text";
    const child = world.start("serve --port 0");
    let said = "";
    await new Promise<void>((resolve) => {
      child.stderr?.on("data", (text: string) => {
        said += text;
        if (said.includes("Ctrl-C")) resolve();
      });
    });
    child.kill("SIGTERM");
    const { code, stdout } = await child.result;
    expect(said).toMatch(
      new RegExp(
        `aicore listens on http://127\\.0\\.0\\.1:\\d+ \\(environment, resource group default; ${MODELS.length} models\\)`,
      ),
    );
    expect(said).not.toContain("aicl_");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  });

  test("--no-auth needs no key and is warned of", async () => {
    const world = await loggedInWorld();
    world.env.AICORE_LOG_FORMAT = "text";
    const child = world.start("serve --port 0 --no-auth");
    child.stderr?.once("data", (text: string) => {
      expect(text).toMatch(/^Warning: --no-auth/);
      child.kill("SIGTERM");
    });
    await child.result;
    const { ready } = await serving(world, "--port 0 --no-auth");
    expect((await ask(ready.url, "")).status).toBe(200);
  });

  test("nobody logged in is exit 4; a door open to the network is exit 2 before that", async () => {
    const world = await newWorld();
    expect(await world.run("serve --port 0")).toMatchObject({ code: 4 });
    const { code, stderr } = await world.run("serve --host 0.0.0.0");
    expect(stderr).toMatch(
      /^Error: Refusing to listen on 0\.0\.0\.0 without API keys\.\nCreate one: aicore keys create/,
    );
    expect(code).toBe(2);
  });
});

describe("a busy port", () => {
  test("is told with the process when it is ours", async () => {
    const world = await loggedInWorld();
    const { ready, child } = await serving(world);
    const { code, stderr } = await world.run(`serve --port ${ready.port}`);
    expect(stderr).toContain(
      `Error: aicore is already running on 127.0.0.1:${ready.port} (pid ${child.pid}).`,
    );
    expect(code).toBe(6);
  });

  test("is told as another program's otherwise", async () => {
    const world = await loggedInWorld();
    const stranger = createServer((_request, response) => response.end("hello")).listen(0, "127.0.0.1");
    onTestFinished(() => void stranger.close());
    await new Promise((resolve) => stranger.once("listening", resolve));
    const { port } = stranger.address() as AddressInfo;
    const { code, stderr } = await world.run(`serve --port ${port} --json`);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "port_in_use", message: `Port ${port} is used by another program.` },
    });
    expect(code).toBe(6);
  });
});

describe("env", () => {
  test("prints what a tool needs for the proxy that runs", async () => {
    const world = await loggedInWorld();
    const { ready, key } = await serving(world);
    const { code, stdout } = await world.run("env claude --shell json");
    expect(JSON.parse(stdout)).toMatchObject({
      ANTHROPIC_BASE_URL: ready.url,
      ANTHROPIC_AUTH_TOKEN: key,
      ANTHROPIC_DEFAULT_OPUS_MODEL: "anthropic--claude-4.8-opus",
      ANTHROPIC_DEFAULT_SONNET_MODEL: "anthropic--claude-4.6-sonnet",
      ANTHROPIC_DEFAULT_HAIKU_MODEL: "anthropic--claude-4.5-haiku",
      NO_PROXY: "127.0.0.1,localhost,::1",
    });
    expect(code).toBe(0);
    expect((await world.run("env claude --shell bash")).stdout).toMatch(
      /^unset ANTHROPIC_API_KEY\n[\s\S]*^export ANTHROPIC_BASE_URL='http:/m,
    );
    expect((await world.run("status --json")).stdout).toContain(`"pid": ${ready.pid}`);
  });

  test("without a tool prints what OpenAI, Anthropic and Gemini clients need", async () => {
    const world = await loggedInWorld();
    const { ready, key } = await serving(world);
    expect(JSON.parse((await world.run("env --shell json")).stdout)).toMatchObject({
      ANTHROPIC_BASE_URL: ready.url,
      ANTHROPIC_AUTH_TOKEN: key,
      ANTHROPIC_API_KEY: key,
      OPENAI_BASE_URL: `${ready.url}/v1`,
      OPENAI_API_KEY: key,
      GOOGLE_GEMINI_BASE_URL: ready.url,
      GEMINI_API_KEY: key,
    });
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      "codex",
      { AICORE_PROXY_KEY: expect.any(String) },
      /^Then start it with: codex -c 'model="gpt-5\.5"' -c /,
    ],
    [
      "opencode",
      { OPENCODE_CONFIG_CONTENT: expect.stringContaining('"aicore/anthropic--claude-4.8-opus"') },
      /^$/,
    ],
    ["gemini", { GEMINI_MODEL: "gemini-2.5-pro-latest" }, /^$/],
    ["qwen", { OPENAI_MODEL: "gpt-5.5" }, /^Then start it with: qwen --auth-type openai --model gpt-5\.5\n$/],
    ["aider", { AIDER_MODEL: "anthropic/claude-opus-4-8" }, /^$/],
  ])("knows %s", async (tool, variables, says) => {
    const world = await loggedInWorld();
    await serving(world);
    const { code, stdout, stderr } = await world.run(`env ${tool} --shell json`);
    expect(JSON.parse(stdout)).toMatchObject(variables);
    expect(stderr).toMatch(says);
    expect(code).toBe(0);
  });

  test("asks which one when two run, and takes --port", async () => {
    const world = await loggedInWorld();
    const proxies = [await serving(world), await serving(world)];
    const { code, stderr } = await world.run("env");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^Error: Several proxies are running.*\n.*--port/),
    });
    const port = proxies[1]?.ready.port;
    expect((await world.run(`env --json --port ${port}`)).stdout).toContain(`http://127.0.0.1:${port}`);
  });

  test.each([
    ["env", 3, /^Error: No aicore proxy is running\.\nStart one/],
    ["env --port 1", 5, /^Error: No aicore proxy answers at http:\/\/127\.0\.0\.1:1\./],
  ])("%s without a proxy is exit %i", async (args, code, says) => {
    const world = await newWorld();
    const ran = await world.run(args, { cwd: temporaryFolder() });
    expect(ran.stderr).toMatch(says);
    expect(ran).toMatchObject({ code, stdout: "" });
  });
});
