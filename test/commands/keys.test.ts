import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { doorFrom } from "../../src/commands/serve-door.ts";
import { loadSettings } from "../../src/config/settings.ts";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { newWorld, type World } from "./world.ts";

const KEY = /^aic_[\w-]{43}\n$/;

async function withKeys(...args: string[]): Promise<World> {
  const world = await newWorld();
  for (const each of args) expect((await world.run(`keys create ${each}`)).code).toBe(0);
  return world;
}

const listed = async (world: World) => JSON.parse((await world.run("keys list --json")).stdout).keys;

describe("keys create", () => {
  test("prints the key alone, this once; T18: it is nowhere in the state folder", async () => {
    const world = await newWorld();
    const { stdout, stderr } = await world.run("keys create --name ci --rpm 60 --models opus,haiku*");
    expect(stdout).toMatch(KEY);
    expect(stderr).toMatch(
      /^Made: key "ci" \(key_[0-9a-f]{12}; opus haiku\*, 60 requests\/min\)\. It is shown this once/,
    );
    const state = join(world.home, "state");
    for (const file of readdirSync(state)) {
      expect(readFileSync(join(state, file)).includes(stdout.trim().slice(12))).toBe(false);
      if (process.platform !== "win32") expect(statSync(join(state, file)).mode & 0o077).toBe(0);
    }
    const everything = await world.run("keys list --json");
    expect(everything.stdout).not.toContain(stdout.trim());
    expect(everything.stdout).toContain(stdout.slice(0, 12));
  });

  test("--json is one document with every limit", async () => {
    const world = await newWorld();
    const before = Date.now();
    const { stdout, stderr } = await world.run(
      "--json keys create --name ops --admin --expires 30d --models gpt-5 --rpm 1 --tpm 250k --tokens-per-day 2.3k " +
        "--tokens-per-month 1.5M --budget-cu 0.5 --concurrency 4",
    );
    const { expires_at, ...document } = JSON.parse(stdout);
    expect(document).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{12}$/),
      name: "ops",
      key: expect.stringMatching(/^aic_/),
      prefix: document.key.slice(0, 12),
      role: "admin",
      created_at: expect.stringMatching(/^2\d{3}-.*Z$/),
      limits: {
        models: ["gpt-5"],
        requests_per_minute: 1,
        tokens_per_minute: 250_000,
        tokens_per_day: 2_300,
        tokens_per_month: 1_500_000,
        budget_capacity_units: 0.5,
        concurrency: 4,
      },
    });
    expect(Date.parse(expires_at)).toBeGreaterThanOrEqual(before + 30 * 86_400_000);
    expect(stderr).toBe("");
  });

  test.each<[args: string, expires: string]>([
    ["2999-12-31", "2999-12-31T00:00:00.000Z"],
    ["2999-12-31T10:30:00Z", "2999-12-31T10:30:00.000Z"],
    ["2999-12-31T10:30+02:00", "2999-12-31T08:30:00.000Z"],
  ])("--expires %s", async (when, expires) => {
    const world = await newWorld();
    const { stdout } = await world.run(`--json keys create --name ci --expires ${when}`);
    expect(JSON.parse(stdout).expires_at).toBe(expires);
  });

  test.each<[args: string, message: RegExp]>([
    ["", /^Error: A key needs a name.*\n.*aicore keys create --name ci/],
    ["--name -ci", /--name "-ci": expected 1 to 100 printable characters/],
    ["--name local", /--name "local": it stands for other keys already/],
    ["--name key_0123456789ab", /it stands for other keys already/],
    ["--name a --expires 2020-01-01", /--expires: 2020-01-01 is not in the future/],
    ["--name a --expires 0d", /--expires: 0d is not in the future/],
    [
      "--name a --expires 2999-02-30",
      /--expires: expected a lifetime such as 30d or a day such as 2\d{3}-.*, got "2999-02-30"/,
    ],
    ["--name a --expires soon", /--expires: expected a lifetime .* got "soon"/],
    ["--name a --expires -3d", /--expires: expected a lifetime .* got "-3d"/],
    ["--name a --rpm -5", /--rpm: expected a whole number above 0, such as 60 or 250k, got "-5"/],
    ["--name a --rpm 0", /--rpm: expected a whole number above 0/],
    ["--name a --tpm 1.5", /--tpm: expected a whole number above 0/],
    ["--name a --tokens-per-day lots", /--tokens-per-day: expected a whole number above 0/],
    ["--name a --tokens-per-month 1e9", /--tokens-per-month: expected a whole number above 0/],
    ["--name a --concurrency 99999999999999999", /--concurrency: expected a whole number above 0/],
    ["--name a --budget-cu 0", /--budget-cu: expected a number above 0, got "0"/],
    [
      "--name a --models ,",
      /--models: expected names separated by commas, got ","\.\n.*--models 'claude-haiku\*/,
    ],
    ["--name a --budget 5", /Unknown option '--budget'\nDid you mean .*--budget-cu/],
  ])("%s is told what is wrong", async (args, message) => {
    const world = await newWorld();
    const { code, stdout, stderr } = await world.run(`keys create ${args}`.trim());
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(await listed(world)).toEqual([]);
  });

  test("a name is given once, until its key is revoked", async () => {
    const world = await withKeys("--name ci");
    const again = await world.run("keys create --name ci");
    expect(again).toMatchObject({ code: 2, stdout: "" });
    expect(again.stderr).toMatch(/There is a key named "ci" already\.\n.*aicore keys revoke/);
    await world.run("keys revoke ci");
    expect((await world.run("keys create --name ci")).stdout).toMatch(KEY);
  });
});

describe("keys list", () => {
  test("none is no error", async () => {
    const world = await newWorld();
    const { code, stdout, stderr } = await world.run("keys");
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/There are no keys yet\. Make the first: aicore keys create --name/);
  });

  test("shows what each may use, and its state", async () => {
    const world = await withKeys("--name ci --budget-cu 5 --expires 2999-12-31", "--name ops --admin");
    await world.run("keys revoke ops");
    const { stdout } = await world.run("keys list");
    expect(stdout).toMatch(/^NAME +ID +KEY +ROLE +STATUS +LIMITS +TOKENS TODAY +EXPIRES +AGE\n/);
    expect(stdout).toMatch(
      /^ci +key_\w+ +aic_[\w-]{8} +inference +valid +5 CU +0 +2999-12-31 00:00 UTC +\d+s$/m,
    );
    expect(stdout).toMatch(/^ops +key_\w+ +aic_[\w-]{8} +admin +revoked +- +0 +never +\d+s$/m);
    expect((await world.run("keys list -o name")).stdout).toBe("ci\n");
    expect((await world.run("keys list -o yaml")).stdout).toMatch(/^keys:\n {2}- id: "key_/);
    const keys = await listed(world);
    expect(keys[0]).toMatchObject({ name: "ci", revoked_at: null, spent: { today: { requests: 0 } } });
    expect(keys[1]).toMatchObject({ name: "ops", role: "admin", revoked_at: expect.stringMatching(/^2/) });
  });
});

describe("keys revoke", () => {
  test("by name, by id, by the key or its beginning; a second time is no error", async () => {
    const world = await newWorld();
    const keys: { id: string; key: string }[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      keys.push(JSON.parse((await world.run(`--json keys create --name ${name}`)).stdout));
    }
    const [, b, c, d] = keys;
    for (const known of ["a", b?.id, c?.key, d?.key.slice(0, 12)]) {
      expect(await world.run(`keys revoke ${known}`)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Revoked: [abcd] \(key_\w+\)\./),
      });
    }
    expect((await listed(world)).map(({ revoked_at }: { revoked_at: string }) => typeof revoked_at)).toEqual(
      Array(4).fill("string"),
    );
    expect((await world.run("keys revoke a")).stdout).toMatch(/^Nothing to do: key "a" \(.*revoked 2/);
    expect(JSON.parse((await world.run("--json keys revoke a")).stdout)).toMatchObject({
      name: "a",
      revoked_at: expect.any(String),
    });
  });

  test.each<[asked: string, message: RegExp]>([
    ["cl", /There is no key "cl"\. Did you mean ci\?\n.*aicore keys list/],
    ["nobody", /There is no key "nobody"\.\n/],
    [`aic_${"x".repeat(43)}`, /There is no key "\[api key\]"\./],
  ])("%s is not known", async (asked, message) => {
    const world = await withKeys("--name ci");
    const { code, stderr } = await world.run(`keys revoke ${asked}`);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr).not.toContain("x".repeat(20));
  });

  test.skipIf(!HAS_TERMINAL).each([
    ["n", 2, "Nothing was revoked."],
    ["y", 0, "Revoked: ci"],
  ])("on a terminal '%s' ends with %i", async (answer, code, says) => {
    const world = await withKeys("--name ci");
    const terminal = new Terminal(world, "keys revoke ci");
    await terminal.type("is shut out for good. [y/N]", `${answer}\r`);
    expect(await terminal.code).toBe(code);
    expect(terminal.shown).toContain(says);
  });
});

test("a key of the database opens the door beyond loopback, as long as it is valid", async () => {
  const world = await newWorld();
  const door = () => doorFrom({ host: "0.0.0.0" }, loadSettings(world.env), world.env);
  await expect(door()).rejects.toMatchObject({ code: "no_api_keys", exitCode: 2 });
  await world.run("keys create --name ci");
  await expect(door()).resolves.toMatchObject({ host: "0.0.0.0" });
  await world.run("keys revoke ci");
  await expect(door()).rejects.toMatchObject({ code: "no_api_keys" });
});
