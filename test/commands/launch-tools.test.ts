import { describe, expect, test } from "vitest";
import { AGENTS } from "../../src/agents/index.ts";
import type { SandboxOptions } from "../../src/sandbox/index.ts";
import { temporaryFolder } from "../cli/run.ts";
import { install, type Told } from "./fake-tool.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

const OTHERS = AGENTS.filter(({ name }) => name !== "claude");

async function withTool(name: string, options: SandboxOptions = {}): Promise<World> {
  const world = await loggedInWorld(options);
  install(world, name);
  return world;
}

describe.each(OTHERS)("aicore $name", ({ name, title, install: line }) => {
  test("starts it with a working proxy, its own arguments first, and none of our secrets", async () => {
    const world = await withTool(name);
    const { code, stdout, stderr } = await world.run(`${name} -x -- --json`, { env: { FAKE_EXIT: "3" } });
    const { args, env, status } = JSON.parse(stdout) as Told;
    expect({ code, status, theirs: args.slice(-3) }).toEqual({
      code: 3,
      status: 200,
      theirs: ["-x", "--", "--json"],
    });
    expect(env.NO_PROXY).toBe("127.0.0.1,localhost,::1");
    expect(JSON.stringify({ args, env })).not.toContain(String(world.sandbox.serviceKey.clientsecret));
    expect(args.join(" ")).not.toMatch(/aicl_/);
    expect(stderr).toContain(`${title} through SAP AI Core (environment): model = `);
  });

  test("is 127 with the line that installs it when it is missing", async () => {
    const world = await newWorld();
    const { code, stderr } = await world.run(name, { env: { PATH: temporaryFolder() } });
    expect(stderr).toContain(`Install it with: ${line}\n`);
    expect(code).toBe(127);
  });

  test("is 5 with what to do where no model is deployed that it can use", async () => {
    const world = await withTool(name, { deployments: [{ model: "text-embedding-3-small" }] });
    const { code, stdout, stderr } = await world.run(name);
    expect(stderr).toMatch(
      /^Error: No model that .* can work with is deployed in this resource group\.\n.*aicore/,
    );
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
  });
});

describe("aicore gemini", () => {
  const ask = (model: string) =>
    JSON.stringify([
      `/v1beta/models/${model}:generateContent`,
      { contents: [{ role: "user", parts: [{ text: "say hello" }] }] },
    ]);

  test.each([
    ["gemini-9-flash-lite", "gemini-3.5-flash"],
    ["gemini-9-pro-preview", "gemini-2.5-pro"],
    ["gemini-2.5-flash", "gemini-2.5-flash"],
  ])("what it asks of %s by itself, %s answers", async (requested, model) => {
    const world = await withTool("gemini");
    const { stdout } = await world.run("gemini", { env: { ASK: ask(requested) } });
    expect(JSON.parse(stdout)).toMatchObject({ status: 200, model });
  });
});

describe("aicore run", () => {
  test.each(["run -- tool -a -- b", "run tool -a -- b", "-q run tool -a -- b"])(
    "%s: what stands behind the program is its own",
    async (line) => {
      const world = await withTool("tool");
      const { args, status } = JSON.parse((await world.run(line)).stdout) as Told;
      expect({ args, status }).toEqual({ args: ["-a", "--", "b"], status: 200 });
    },
  );

  test("takes a path, sets three dialects, keeps SAP's credentials", async () => {
    const world = await loggedInWorld();
    const path = install(world, "tool");
    const { env } = JSON.parse((await world.run(`run -- ${path}`)).stdout) as Told;
    expect(env.AICORE_SERVICE_KEY).toBe(world.env.AICORE_SERVICE_KEY);
    const key = expect.stringMatching(/^aicl_/);
    expect(env).toMatchObject({
      ANTHROPIC_AUTH_TOKEN: key,
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: `${env.ANTHROPIC_BASE_URL}/v1`,
      GEMINI_API_KEY: key,
      GOOGLE_GEMINI_BASE_URL: env.ANTHROPIC_BASE_URL,
    });
  });

  test("works on a tenant that has no model for tools", async () => {
    const world = await withTool("tool", { deployments: [{ model: "text-embedding-3-small" }] });
    expect(JSON.parse((await world.run("run tool")).stdout)).toMatchObject({ status: 200 });
  });

  test.each<[string, number, RegExp]>([
    ["run", 2, /Which program\?.*\nFor example: aicore run -- /],
    ["run --", 2, /Which program\?/],
    ["run --help", 2, /Which program\?/],
    ["run no-such-program", 127, /There is no program no-such-program on PATH\.\nCheck its name/],
    ["run ./no-such-program", 127, /There is no program \.\/no-such-program\.\n/],
  ])("%s is exit %i", async (line, code, says) => {
    const world = await loggedInWorld();
    const ran = await world.run(line);
    expect(ran.stderr).toMatch(says);
    expect(ran).toMatchObject({ code, stdout: "" });
  });

  test("is 126 for what cannot be run", async () => {
    const world = await loggedInWorld();
    const path = install(world, "tool", "text", 0o644);
    const { code, stderr } = await world.run(`run -- ${path}`);
    expect(stderr).toContain(`${path} was found but cannot be run.`);
    expect(code).toBe(126);
  });
});
