import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ECHOES, HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { newWorld } from "./world.ts";

describe.skipIf(!HAS_TERMINAL)("on a terminal", () => {
  test.each([
    ["", 80],
    [" (without a size)", 0],
  ])("a pasted key is read to its last brace and never shown%s", async (_name, columns) => {
    const world = await newWorld();
    const terminal = new Terminal(world, "login --insecure-storage", columns);
    await terminal.type(
      "Paste the service key",
      JSON.stringify(world.sandbox.serviceKey, null, 2).replaceAll("\n", "\r"),
    );
    expect(await terminal.code).toBe(0);
    expect(terminal.shown).toContain("Logged in: profile");
    expect(terminal.shown).not.toContain(String(world.sandbox.serviceKey.clientsecret));
    expect(terminal.shown).toMatch(ECHOES);
  });

  test("Ctrl-C at the prompt is exit 130, the terminal restored, nothing saved", async () => {
    const world = await newWorld();
    const terminal = new Terminal(world, "login");
    await terminal.type("Paste the service key", "abc\u0003");
    expect(await terminal.code).toBe(130);
    expect(terminal.shown).toContain("Error: Interrupted.");
    expect(terminal.shown).toMatch(ECHOES);
    expect(existsSync(join(world.home, "config"))).toBe(false);
  });

  test.each([
    ["y", 0, "Logged in"],
    ["n", 2, "It was not changed."],
    ["\u0003", 130, "Interrupted."],
  ])("a profile of another client is asked about: %j is exit %i", async (answer, code, says) => {
    const world = await newWorld();
    const other = { ...world.sandbox.serviceKey, clientid: "sb-ffff-other-client-9999!b77|aicore!b540" };
    const env = { AICORE_SERVICE_KEY: JSON.stringify(other) };
    await world.run("login --from-env --no-verify --insecure-storage", { env });
    const terminal = new Terminal(world, `login "${world.keyFile}" --insecure-storage`);
    await terminal.type("Replace it? [y/N]", `${answer}\r`);
    expect(await terminal.code).toBe(code);
    expect(terminal.shown).toContain(says);
  });
});
