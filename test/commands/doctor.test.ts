import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SECTIONS } from "../../src/doctor/sections.ts";
import { firstLine, temporaryFolder } from "../cli/run.ts";
import { HEALTHY } from "../doctor/scene.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

const IDS = SECTIONS.flatMap(({ checks }) => checks.map(({ id }) => id));

/** All well: a port that is free, and no programs that may be on the PATH of this machine. */
async function healthyWorld(): Promise<World> {
  const world = await loggedInWorld({ deployments: HEALTHY });
  Object.assign(world.env, { AICORE_PORT: "0", PATH: "/nowhere" });
  return world;
}

describe("doctor", () => {
  test("with nothing wrong: a line each on a pipe, in order, exit 0", async () => {
    const world = await healthyWorld();
    const { code, stdout, stderr } = await world.run("doctor");
    const lines = stdout.split("\n").filter((line) => /^\S/.test(line));
    expect(lines).toHaveLength(IDS.length);
    expect(lines.filter((line) => !/^ok {3}\S[^:]*: /.test(line))).toEqual([]);
    expect(stdout).toMatch(/\nok {3}Deployments: 2 running: claude 1, embedding 1\n/);
    expect(stderr).toBe("All good.\n");
    expect(code).toBe(0);
  });

  test("the document: id, status, message and fix of each check", async () => {
    const world = await healthyWorld();
    const { code, stdout, stderr } = await world.run("doctor --json");
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ ok: true, version: expect.any(String) });
    expect(document.checks.map(({ id }: { id: string }) => id)).toEqual(IDS);
    expect(document.checks[0]).toMatchObject({
      id: "node",
      status: "ok",
      message: expect.any(String),
      fix: null,
    });
    expect([code, stderr]).toEqual([0, ""]);
  });

  test("without credentials the rest is still checked: exit 1, what was left out says so", async () => {
    const world = await newWorld();
    const { code, stdout } = await world.run("doctor");
    expect(stdout).toMatch(/^fail Credential source: No SAP AI Core credentials found/m);
    expect(stdout).toMatch(/^skip Deployments: Not checked: "Credential source" has to be mended first\.$/m);
    expect(stdout).toMatch(/^ok {3}Claude Code's settings: /m);
    expect(code).toBe(1);
    const document = JSON.parse((await world.run("doctor --json")).stdout);
    expect(document.ok).toBe(false);
    const token = document.checks.find(({ id }: { id: string }) => id === "token");
    expect(token).toMatchObject({ status: "warn", skipped: true });
  });

  test("settings that cannot be read do not end it", async () => {
    const world = await newWorld();
    world.env.HOME = "";
    world.env.AICORE_CLI_HOME = "";
    const { code, stdout } = await world.run("doctor");
    expect(stdout).toMatch(/^fail Settings: HOME is not set/m);
    expect(stdout).toMatch(/^ok {3}Node: /m);
    expect(code).toBe(1);
  });

  test("--live asks every deployment, and leaves it when there is none to ask", async () => {
    const world = await healthyWorld();
    const { code, stdout } = await world.run("doctor --live");
    expect(stdout).toMatch(/^ok {3}anthropic--claude-4\.6-sonnet: stream, tools, thinking, cache; /m);
    expect(stdout).toMatch(/^ok {3}text-embedding-3-small: embeddings of 1536 numbers$/m);
    expect(code).toBe(0);
    world.env.AICORE_RESOURCE_GROUP = "nowhere";
    expect((await world.run("doctor --live")).stdout).toMatch(
      /^skip Requests: Not checked: "Resource group"/m,
    );
  });

  test("--live: a deployment that fails is exit 1", async () => {
    const world = await healthyWorld();
    world.sandbox.faults.add({ deployment: "d2", status: 403, body: "RBAC: access denied", times: 9 });
    const { code, stdout } = await world.run("doctor --live --json");
    expect(code).toBe(1);
    const found = JSON.parse(stdout).checks.find(({ id }: { id: string }) => id === "live:d2");
    expect(found).toMatchObject({ status: "fail", title: "text-embedding-3-small" });
  });

  test("a proxy that runs answers, with its models", async () => {
    const world = await healthyWorld();
    const child = world.start("serve --json");
    const { port } = JSON.parse(await firstLine(child));
    const { stdout } = await world.run("doctor");
    expect(stdout).toMatch(new RegExp(`^ok {3}Running proxy: http://127.0.0.1:${port} .*, 2 models$`, "m"));
    world.env.AICORE_PORT = String(port);
    expect((await world.run("doctor")).stdout).toMatch(/^ok {3}Port: \d+ is taken by aicore itself$/m);
    child.kill("SIGTERM");
    await child.result;
  });

  test("tools tell their version; one that hangs or fails is no failure", async () => {
    const world = await healthyWorld();
    const folder = temporaryFolder();
    const tool = (name: string, script: string) => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    };
    tool("claude", 'echo "2.1.329 (Claude Code)"');
    tool("codex", 'test -z "$AICORE_SERVICE_KEY" && echo codex-cli 0.169.0');
    tool("aider", "exit 3");
    world.env.PATH = folder;
    const { code, stdout } = await world.run("doctor");
    expect(stdout).toMatch(
      /^ok {3}Tools: claude 2\.1\.329, codex 0\.169\.0, aider \(does not tell its version\)$/m,
    );
    expect(code).toBe(0);
  });
});

describe("doctor --bundle", () => {
  test("writes a report, 0600, in which nobody is to be recognised", async () => {
    const world = await loggedInWorld();
    const { url, serviceKey } = world.sandbox;
    world.env.ANTHROPIC_API_KEY = "canary-key";
    const path = join(world.home, "report.json");
    const { stderr } = await world.run(`doctor --bundle ${path}`);
    expect(stderr).toContain(`Wrote ${path}, readable by you alone`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, "utf8");
    const report = JSON.parse(text);
    expect(report).toMatchObject({
      aicore: expect.any(String),
      node: process.versions.node,
      doctor: { ok: true },
    });
    expect(report.variables).toEqual(expect.arrayContaining(["AICORE_SERVICE_KEY", "ANTHROPIC_API_KEY"]));
    expect(report.deployments[0]).toMatchObject({ model: "anthropic--claude-4.8-opus", status: "RUNNING" });
    expect(text).toContain("deployment-9");
    const { clientid, clientsecret, identityzoneid } = serviceKey;
    const private_ = [
      clientid,
      clientsecret,
      identityzoneid,
      "d2ca531ea1d6cae2",
      "canary",
      "eyJ",
      world.env.HOME,
    ];
    expect(private_.filter((word) => text.includes(String(word)))).toEqual([]);
    expect(text).toContain(new URL(url).host);
  });

  test("replaces no file, and says so before it checks anything", async () => {
    const world = await loggedInWorld();
    const { code, stderr } = await world.run(`doctor --bundle ${world.keyFile}`);
    expect(stderr).toMatch(/^Error: .*key\.json is there already\.\n/);
    expect(code).toBe(2);
    expect(world.sandbox.requests).toEqual([]);
    expect(JSON.parse(readFileSync(world.keyFile, "utf8"))).toEqual(world.sandbox.serviceKey);
  });

  test("is written without credentials too", async () => {
    const world = await newWorld();
    const path = join(world.home, "report.json");
    const { code, stdout } = await world.run(`doctor --json --bundle ${path}`);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, bundle: path });
    expect(existsSync(path)).toBe(true);
    expect(code).toBe(1);
  });
});
