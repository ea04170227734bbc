import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newWorld } from "./world.ts";

describe("config", () => {
  test("set, get, list and unset tell value and origin", async () => {
    const world = await newWorld();
    expect((await world.run("config set server.port 7000")).stdout).toBe(
      "server.port is 7000 (config.json).\n",
    );
    expect((await world.run("config get server.port")).stdout).toBe("7000\n");
    const { stdout } = await world.run("config list", { env: { AICORE_HOST: "::1" } });
    expect(stdout).toMatch(/^NAME +VALUE +ORIGIN\n/);
    expect(stdout).toMatch(/^server\.port +7000 +config\.json$/m);
    expect(stdout).toMatch(/^server\.host +::1 +AICORE_HOST$/m);
    expect(stdout).toMatch(/^tls\.caFile +- +default$/m);
    expect((await world.run("config unset server.port")).stdout).toBe("server.port is 6655 (default).\n");
  });

  test("prints documents with --json", async () => {
    const world = await newWorld();
    expect(JSON.parse((await world.run("config set models.strict true --json")).stdout)).toEqual({
      name: "models.strict",
      value: true,
      origin: "config.json",
    });
    const path = join(world.home, "config", "config.json");
    expect(JSON.parse((await world.run("config path --json")).stdout)).toEqual({ path });
    const { settings } = JSON.parse((await world.run("config --json")).stdout);
    expect(settings).toContainEqual({ name: "tls.caFile", value: null, origin: "default" });
  });

  test("a variable that goes before the file is told", async () => {
    const world = await newWorld();
    const { stdout, stderr } = await world.run("config set server.port 7000", {
      env: { AICORE_PORT: "8000" },
    });
    expect(stdout).toBe("server.port is 8000 (AICORE_PORT).\n");
    expect(stderr).toMatch(/^Warning: AICORE_PORT goes before config\.json/);
  });

  test("the resource groups of a profile can be set", async () => {
    const world = await newWorld();
    await world.run(`login ${world.keyFile} --insecure-storage`);
    const { stdout } = await world.run("config set profiles.default.resourceGroups default,team-blue");
    expect(stdout).toBe("profiles.default.resourceGroups is default,team-blue (config.json).\n");
    expect((await world.run("deployments get d618 -o json")).stdout).toContain("team-blue");
    expect((await world.run("config unset profiles.default.resourceGroups")).stdout).toMatch(/is not set/);
  });

  test("keys are counted and not shown; a plain one on the command line is warned of, a digest is not", async () => {
    const world = await newWorld();
    const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
    const plain = await world.run(`config set server.apiKeys ${digest},very-private`);
    expect(plain.stdout).toBe("server.apiKeys is 2 (not shown) (config.json).\n");
    expect(plain.stderr).toMatch(/^Warning: A plain key on the command line .* sha256sum/);
    expect(plain.stderr).not.toContain("very-private");
    expect((await world.run(`config set server.apiKeys ${digest}`)).stderr).toBe("");
    expect((await world.run("config unset server.apiKeys")).stderr).toBe("");
    expect((await world.run("config list --json")).stdout).not.toContain(digest);
  });

  test("a password in a URL is masked", async () => {
    const world = await newWorld();
    await world.run("config set tls.caFile postgres://me:hunter2@db/x");
    for (const args of ["config get tls.caFile", "config list", "config list --json"])
      expect((await world.run(args)).stdout).toContain("postgres://***@db/x");
  });

  test.each([
    ["get server.prt", 2, /There is no setting "server\.prt"\. Did you mean server\.port\?\nSettings are: /],
    ["set nothing 1", 2, /There is no setting "nothing"/],
    ["set server.port abc", 3, /^Error: server\.port: expected 1–65535, got "abc"\nNothing was changed\./],
    ["set models.strict maybe", 3, /expected true or false, got "maybe"/],
    ["set profiles.default.clientId x", 2, /There is no setting|not set by hand/],
    ["set server.port", 2, /missing required argument 'value'/i],
  ])("%s is exit %i", async (args, code, says) => {
    const world = await newWorld();
    const ran = await world.run(`config ${args}`);
    expect(ran).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(says) });
  });

  test("path works with a file that cannot be read, and nothing else does", async () => {
    const world = await newWorld();
    const folder = join(world.home, "config");
    mkdirSync(folder, { mode: 0o700 });
    writeFileSync(join(folder, "config.json"), "{ not json", { mode: 0o600 });
    expect(await world.run("config path")).toMatchObject({
      code: 0,
      stdout: `${join(folder, "config.json")}\n`,
    });
    expect(await world.run("config set server.port 7000")).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/config\.json line 1, column \d+: not valid JSON; file left unchanged/),
    });
  });
});
