import { existsSync, mkdirSync, readFileSync, statSync, watch, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { isNewer } from "../../src/commands/update-notice.ts";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { newWorld, type World } from "./world.ts";

const DAY = 86_400_000;
/** A user who hears of releases; without a registry of the test's own there is nobody to ask. */
async function curiousWorld(): Promise<World> {
  const world = await newWorld();
  Object.assign(world.env, { NO_UPDATE_NOTIFIER: "", npm_config_registry: "http://127.0.0.1:1" });
  return world;
}

const noteOf = (world: World) => join(world.home, "cache", "update.json");

/** A registry that knows one release of everything. */
async function registryWith(version: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end(JSON.stringify({ name: "aicore", version }));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/npm`, asked };
}

function writeNote(world: World, note: unknown): void {
  mkdirSync(join(world.home, "cache"), { mode: 0o700 });
  writeFileSync(noteOf(world), JSON.stringify(note), { mode: 0o600 });
}

/** Waits until the child has noted a release. */
async function noted(world: World): Promise<{ asked: number; latest?: string }> {
  const read = () => JSON.parse(readFileSync(noteOf(world), "utf8")) as { asked: number; latest?: string };
  if (read().latest) return read();
  await new Promise<void>((resolve) => {
    const watcher = watch(join(world.home, "cache"), () => {
      if (!read().latest) return;
      watcher.close();
      resolve();
    });
    if (read().latest) {
      watcher.close();
      resolve();
    }
  });
  return read();
}

async function run(world: World, args = "keychain"): Promise<Terminal> {
  const terminal = new Terminal(world, args);
  await terminal.code;
  return terminal;
}

const TOLD = /^aicore 99\.0\.0 is there \(this is \d+\.\d+\.\d+\): npm install -g aicore@latest$/;

describe.skipIf(!HAS_TERMINAL)("news of a release", () => {
  test("is fetched apart, noted in a file of our own, and told in one line by the next run", async () => {
    const world = await curiousWorld();
    const registry = await registryWith("99.0.0");
    world.env.npm_config_registry = registry.url;
    expect((await run(world)).shown).not.toContain("99.0.0");
    expect(await noted(world)).toEqual({ asked: expect.any(Number), latest: "99.0.0" });
    expect(statSync(noteOf(world)).mode & 0o777).toBe(0o600);
    const { lines } = await run(world);
    expect(lines.filter((line) => TOLD.test(line))).toHaveLength(1);
    expect(registry.asked).toEqual(["/npm/aicore/latest"]);
  });

  test("is told to nobody who has it", async () => {
    const world = await curiousWorld();
    writeNote(world, { asked: Date.now(), latest: "0.0.1" });
    expect((await run(world)).shown).not.toContain("is there");
  });

  test("is asked for again after a day, and once only when nobody answers", async () => {
    const world = await curiousWorld();
    writeNote(world, { asked: Date.now() - DAY - 1, latest: "99.0.0" });
    const { lines } = await run(world);
    expect(lines.filter((line) => TOLD.test(line))).toHaveLength(1);
    const note = JSON.parse(readFileSync(noteOf(world), "utf8"));
    expect(note).toEqual({ asked: expect.any(Number), latest: "99.0.0" });
    expect(Date.now() - note.asked).toBeLessThan(DAY);
  });

  test.each<[name: string, env: NodeJS.ProcessEnv, args: string, settings?: unknown]>([
    ["CI", { CI: "true" }, "keychain"],
    ["NO_UPDATE_NOTIFIER", { NO_UPDATE_NOTIFIER: "1" }, "keychain"],
    ["--quiet", {}, "-q keychain"],
    ["--json", {}, "completion bash --json"],
    ["stderr on a pipe", {}, "keychain 2>/dev/null"],
    ["--version", {}, "--version"],
    ["--help", {}, "serve --help"],
    ["the setting updates.check", {}, "keychain", { updates: { check: false } }],
  ])("%s: neither asked for nor told", async (_name, env, args, settings) => {
    const world = await curiousWorld();
    const registry = await registryWith("99.0.0");
    Object.assign(world.env, { npm_config_registry: registry.url }, env);
    if (settings) {
      mkdirSync(join(world.home, "config"), { mode: 0o700 });
      writeFileSync(join(world.home, "config", "config.json"), JSON.stringify(settings), { mode: 0o600 });
    }
    await run(world, args);
    expect(existsSync(noteOf(world))).toBe(false);
    writeNote(world, { asked: 0, latest: "99.0.0" });
    expect((await run(world, args)).shown).not.toContain("99.0.0");
    expect(JSON.parse(readFileSync(noteOf(world), "utf8")).asked).toBe(0);
  });

  test("a cache that cannot be used is no reason to fail", async () => {
    const world = await curiousWorld();
    writeFileSync(join(world.home, "cache"), "not a folder");
    expect(await new Terminal(world, "keychain").code).toBe(0);
  });
});

test.each([
  ["1.0.1", "1.0.0", true],
  ["1.10.0", "1.9.9", true],
  ["2.0.0", "10.0.0", false],
  ["1.0.0", "1.0.0", false],
  ["2.0.0-beta.1", "1.0.0", false],
  ["junk", "1.0.0", false],
])("%s is newer than %s: %s", (candidate, current, newer) => {
  expect(isNewer(candidate, current)).toBe(newer);
});
