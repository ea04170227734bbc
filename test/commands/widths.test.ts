import { describe, expect, test } from "vitest";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { newWorld } from "./world.ts";

describe.skipIf(!HAS_TERMINAL)("on a terminal of 80 columns no table is wider", () => {
  test.each([
    "deployments list --all-groups",
    "models list --catalog",
    "models list",
    "models test haiku",
    "profiles list",
    "resource-groups list --counts",
    "status --all-profiles",
    "config list",
  ])("aicore %s", async (args) => {
    const world = await newWorld();
    await world.run(`--profile a-team-with-a-name login ${world.keyFile} --insecure-storage`);
    await world.run("models map any-name-that-a-tool-has-hard-wired* anthropic--claude-4.6-sonnet");
    const terminal = new Terminal(world, `-q --no-color ${args}`);
    expect(await terminal.code).toBe(0);
    const lines = terminal.shown.split(/\r?\n/);
    const table = lines.slice(
      lines.findIndex((line) => /^[A-Z]+ {2}/.test(line)),
      lines.findIndex((line) => line.startsWith("speed ")),
    );
    expect(table.length).toBeGreaterThan(1);
    expect(table.filter((line) => line.length > 80)).toEqual([]);
  });

  test("the resource group is told where it differs", async () => {
    const world = await newWorld();
    await world.run(`login ${world.keyFile} --insecure-storage`);
    const terminal = new Terminal(world, "--no-color deployments list --all-groups");
    expect(await terminal.end()).toBe(0);
    expect(terminal.shown).toMatch(/ RESOURCE GROUP\r?\n/);
    expect(terminal.shown).toMatch(/ team-blue\r?\n/);
  });
});
