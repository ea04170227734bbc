import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { newWorld, type World } from "./world.ts";

const PLAIN = "--insecure-storage";

async function withProfiles(...names: string[]): Promise<World> {
  const world = await newWorld();
  for (const name of names) await world.run(`--profile ${name} login ${world.keyFile} ${PLAIN}`);
  return world;
}

const settings = ({ home }: World) => readFileSync(join(home, "config", "config.json"), "utf8");
const secrets = ({ home }: World) =>
  JSON.parse(readFileSync(join(home, "config", "credentials.json"), "utf8"));
const current = async (world: World) => JSON.parse((await world.run("status --json")).stdout).profile;

describe("profiles list", () => {
  test("none is no error", async () => {
    const world = await newWorld();
    const { code, stdout, stderr } = await world.run("profiles list");
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("aicore login"),
    });
    expect(JSON.parse((await world.run("profiles list --json")).stdout)).toEqual({ profiles: [] });
  });

  test("shows each with its client masked, and which one is current", async () => {
    const world = await withProfiles("one", "two");
    const { stdout } = await world.run("profiles");
    expect(stdout).toMatch(/^NAME +CLIENT +SAP AI CORE +RESOURCE GROUP +SECRET IN +AGE\n/);
    expect(stdout).toMatch(/^one +sb-…0000!b1234 +127\.0\.0\.1:\d+ +default +plain file +\d+s$/m);
    expect(stdout).toMatch(/^two \(current\) /m);
    const { profiles } = JSON.parse((await world.run("profiles list --json")).stdout);
    expect(profiles[1]).toEqual({
      name: "two",
      current: true,
      client_id: "sb-…0000!b1234",
      api_url: world.sandbox.url,
      resource_group: "default",
      resource_groups: ["default"],
      storage: "plain",
      kind: "secret",
      certificate_expires_at: null,
      created_at: expect.stringMatching(/^2\d{3}-/),
    });
  });
});

describe("profiles use", () => {
  test("makes a profile the current one", async () => {
    const world = await withProfiles("one", "two");
    expect(await world.run("profiles use one")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^Current profile: one \(127\.0\.0\.1:\d+, resource group default\)\.\n$/,
      ),
    });
    expect(await current(world)).toBe("one");
  });

  test("says when credentials of the environment go before it", async () => {
    const world = await withProfiles("one");
    const env = { AICORE_SERVICE_KEY: JSON.stringify(world.sandbox.serviceKey) };
    const { stderr } = await world.run("profiles use one", { env });
    expect(stderr).toMatch(/^Warning: Credentials come from AICORE_SERVICE_KEY, which goes before/);
  });

  test.each([
    ["use ones", 4, /no profile "ones"\. Did you mean one\?\nProfiles are: one, two\./],
    ["use ../x", 2, /A profile name must match/],
    ["remove three", 4, /no profile "three"\.\n/],
    ["rename three four", 4, /no profile "three"/],
    ["rename one two", 2, /There is a profile "two" already\. Nothing was changed\./],
    ["rename one ../two", 2, /A profile name must match/],
    ["rename one", 2, /missing required argument/i],
  ])("%s is exit %i and changes nothing", async (args, code, says) => {
    const world = await withProfiles("one", "two");
    const before = settings(world);
    const ran = await world.run(`profiles ${args}`);
    expect(ran).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(says) });
    expect(settings(world)).toBe(before);
    expect(Object.keys(secrets(world).profiles)).toEqual(["one", "two"]);
  });
});

describe("profiles rename", () => {
  test("moves the secret; the current one stays current", async () => {
    const world = await withProfiles("one", "two");
    expect(await world.run("profiles rename two three")).toMatchObject({
      code: 0,
      stdout: "Profile two is now three.\n",
    });
    expect(await current(world)).toBe("three");
    expect(Object.keys(secrets(world).profiles)).toEqual(["one", "three"]);
  });

  test("an encrypted secret, which is bound to its name, is sealed anew", async () => {
    const world = await newWorld();
    world.env.AICORE_PASSPHRASE_FILE = join(world.home, "passphrase");
    writeFileSync(world.env.AICORE_PASSPHRASE_FILE, "correct horse\n", { mode: 0o600 });
    await world.run(`login ${world.keyFile} --storage file`);
    expect(await world.run("profiles rename default mine")).toMatchObject({ code: 0 });
    expect(await current(world)).toBe("mine");
    expect(await world.run("--profile default status")).toMatchObject({ code: 4 });
  });

  test.each(["rename one two", "remove one"])(
    "%s: a keychain that fails leaves all as it was",
    async (args) => {
      const world = await withProfiles("one");
      const path = join(world.home, "config", "config.json");
      writeFileSync(path, settings(world).replace('"storage": "plain"', '"storage": "keychain"'), {
        mode: 0o600,
      });
      const before = settings(world);
      const { code, stdout } = await world.run(`profiles ${args}`);
      expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
      expect(settings(world)).toBe(before);
    },
  );
});

describe("profiles remove", () => {
  test("forgets profile and secret; the first of the others becomes current", async () => {
    const world = await withProfiles("one", "two");
    const { code, stdout, stderr } = await world.run("profiles remove two");
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "Forgotten: two, and its secret in the plain file.\n",
      stderr: "Current profile: one.\n",
    });
    expect(Object.keys(secrets(world).profiles)).toEqual(["one"]);
    expect(JSON.parse((await world.run("profiles remove one --json")).stdout)).toEqual({
      removed: ["one"],
      current: null,
    });
    expect(existsSync(join(world.home, "config", "credentials.json"))).toBe(false);
  });
});

describe("status with several profiles", () => {
  test("names the others", async () => {
    const world = await withProfiles("one", "two");
    expect((await world.run("status")).stdout).toMatch(
      /^Other logins +one \(aicore status --all-profiles\)$/m,
    );
  });

  test("--all-profiles has a line each, also for one that fails", async () => {
    const world = await withProfiles("one", "two");
    await world.run(`--profile gone login ${world.keyFile} ${PLAIN} --no-verify --resource-group nope`);
    const { code, stdout } = await world.run("status --all-profiles");
    expect(stdout).toMatch(/^one +sb-…0000!b1234 +\S+ +default +\d+ deployments, \d+ models$/m);
    expect(stdout).toMatch(/^gone \(current\) .* +nope +RBAC: access denied$/m);
    expect(code).toBe(0);
    const { profiles } = JSON.parse((await world.run("status --all-profiles --json")).stdout);
    expect(profiles).toMatchObject([
      { profile: "one", current: false, models: expect.any(Number) },
      { profile: "two", current: false },
      { profile: "gone", current: true, models: null, problem: { message: "RBAC: access denied" } },
    ]);
  });

  test("--all-profiles with none that works is the exit code of the first; none at all is exit 4", async () => {
    const world = await newWorld();
    expect(await world.run("status --all-profiles")).toMatchObject({ code: 4 });
    await world.run(`login ${world.keyFile} ${PLAIN} --no-verify --resource-group nope`);
    expect(await world.run("status --all-profiles")).toMatchObject({ code: 5 });
    expect(await world.run("--profile default status --all-profiles")).toMatchObject({ code: 2 });
  });
});

describe("resource-groups list", () => {
  test("shows the groups, and which one is used", async () => {
    const world = await withProfiles("one");
    const { code, stdout } = await world.run("resource-groups list");
    expect(stdout).toMatch(
      /^ID +STATUS +USED +AGE\ndefault +PROVISIONED +yes +\d+d\nharmonised +PROVISIONED +- /,
    );
    expect(code).toBe(0);
  });

  test("--counts counts the deployments of each", async () => {
    const world = await withProfiles("one");
    const { resource_groups } = JSON.parse((await world.run("resource-groups list --counts --json")).stdout);
    expect(resource_groups[2]).toEqual({
      id: "team-blue",
      status: "PROVISIONED",
      status_message: null,
      created_at: "2025-10-01T06:00:00Z",
      used: false,
      deployments: 2,
    });
  });

  test("a group that cannot be looked into has no count", async () => {
    const world = await withProfiles("one");
    world.sandbox.faults.add({ path: "/lm/deployments", times: 1, status: 403, body: "RBAC: access denied" });
    const { code, stdout } = await world.run("resource-groups list --counts");
    expect(stdout).toMatch(/^\S+ +PROVISIONED +\S+ +- +\d+d$/m);
    expect(code).toBe(0);
  });

  test("a key that may not list them is exit 5", async () => {
    const world = await withProfiles("one");
    world.sandbox.faults.add({ path: "/admin/", times: 2, status: 403, body: "RBAC: access denied" });
    expect(await world.run("resource-groups list")).toMatchObject({
      code: 5,
      stderr: expect.stringMatching(/^Error: RBAC: access denied\n/),
    });
  });
});
