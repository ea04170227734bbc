/** The second start of a launcher: its tool runs while SAP is still asked. */
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { install, type Told } from "./fake-tool.ts";
import { loggedInWorld, type World } from "./world.ts";

const WARNING = "Warning: AICORE_RESOURCE_GROUP is set but empty; it counts as unset.\n";

function kept({ home }: World): string[] {
  const cache = join(home, "cache");
  return readdirSync(cache)
    .filter((name) => name.startsWith("catalogue-"))
    .map((name) => join(cache, name));
}

async function startedBefore(command = "claude"): Promise<World> {
  const world = await loggedInWorld();
  install(world, "claude");
  expect((await world.run(command)).code).toBe(0);
  return world;
}

test.each(["claude", "models list", "-q claude"])(
  "aicore %s keeps the models, and no secret",
  async (command) => {
    const world = await startedBefore(command);
    const [path = "", ...others] = kept(world);
    expect(others).toEqual([]);
    if (process.platform !== "win32") expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, "utf8");
    expect(JSON.parse(text).models.length).toBeGreaterThan(5);
    expect(text).not.toContain(String(world.sandbox.serviceKey.clientsecret));
  },
);

test("the second start tells and sets the same, and the proxy answers", async () => {
  const world = await loggedInWorld();
  install(world, "claude");
  world.env.AICORE_RESOURCE_GROUP = "";
  const [first, second] = [await world.run("claude"), await world.run("claude")];
  expect(second.stderr).toBe(first.stderr);
  expect(second.stderr.startsWith(WARNING)).toBe(true);
  const [before, now] = [first, second].map(({ stdout }) => JSON.parse(stdout) as Told);
  expect(now?.status).toBe(200);
  const models = (told: Told | undefined) =>
    Object.entries(told?.env ?? {}).filter(([name]) => /MODEL|CONTEXT/.test(name));
  expect(models(now)).toEqual(models(before));
  expect(models(now).length).toBeGreaterThan(3);
});

test("a tool that asks for nothing runs even when SAP cannot be reached", async () => {
  const world = await startedBefore();
  install(world, "claude", "#!/bin/sh\necho ran\n");
  await world.sandbox.close();
  expect(await world.run("claude")).toMatchObject({ code: 0, stdout: "ran\n" });
});

test("credentials that fail after the start are told to the tool, and to the user once it has ended", async () => {
  const world = await loggedInWorld();
  delete world.env.AICORE_SERVICE_KEY;
  const login = await world.run(`login --insecure-storage ${world.keyFile}`);
  expect(login.code).toBe(0);
  install(world, "claude");
  expect((await world.run("claude")).code).toBe(0);
  // The secret goes, while all that the name of the kept catalogue is made of stays.
  rmSync(join(world.home, "config", "credentials.json"));
  const { code, stdout, stderr } = await world.run("claude");
  expect(code).toBe(0);
  expect((JSON.parse(stdout) as Told).status).toBe(401);
  expect(stderr).toContain("Claude Code through SAP AI Core");
  expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
    /^Warning: The secret of profile "default" is no longer in/,
  );
});

test("another key, another profile: what was kept does not count, and nobody is logged in", async () => {
  const world = await startedBefore();
  delete world.env.AICORE_SERVICE_KEY;
  expect(await world.run("claude")).toMatchObject({ code: 4, stdout: "" });
  expect(await world.run("--profile other claude")).toMatchObject({ code: 4, stdout: "" });
});
