import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "../cli/run.ts";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { newWorld, type World } from "./world.ts";

const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));
const has = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

/** A user with the profiles "work" and "play", and `aicore` on PATH. */
async function userWithAicore(): Promise<World> {
  const world = await newWorld();
  const bin = temporaryFolder();
  writeFileSync(join(bin, "aicore"), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(join(bin, "aicore"), 0o755);
  for (const name of ["work", "play"])
    await world.run(`--profile ${name} login ${world.keyFile} --insecure-storage --no-verify`);
  world.env.PATH = `${bin}${delimiter}${process.env.PATH}`;
  return world;
}

/** What is typed, and what the shell makes of it at Tab. */
const TYPED: [typed: string, becomes: string][] = [
  ["aicore dep\t", "aicore deployments"],
  ["aicore --profile w\t", "aicore --profile work"],
  ["aicore env cla\t", "aicore env claude"],
  ["aicore login --sto\tf\t", "aicore login --storage file"],
  ["aicore models li\t--res\t", "aicore models list --resource-group"],
  ["aicore login ke\t", "aicore login key.json"],
];
/** Ctrl-A: in front of the line that was completed, so that the shell says what it has become. */
const TELL = "\u0001echo GOT \r";

/** @param setup the line that switches completion on. */
async function typeIn(shell: Terminal, prompt: string, setup: string): Promise<void> {
  await shell.type(prompt, `${setup}; PS1='READY '\r`);
  // The prompt as it was typed, and as it is shown.
  await shell.until("READY ");
  for (const [typed, becomes] of TYPED) {
    await shell.type("READY ", `${typed}${TELL}`);
    await shell.until(`GOT ${becomes}\r`);
  }
  await shell.type("READY ", "exit\r");
  expect(await shell.code).toBe(0);
}

describe.skipIf(!HAS_TERMINAL || !has("bash"))("bash", () => {
  test("completes commands, options, values and paths at Tab", async () => {
    const world = await userWithAicore();
    const shell = new Terminal(world, "--norc --noprofile -i", 200, "env PS1='BEGIN ' bash");
    await typeIn(shell, "BEGIN ", `cd "${world.home}"; eval "$(aicore completion bash)"`);
  });
});

describe.skipIf(!HAS_TERMINAL || !has("zsh"))("zsh", () => {
  test("completes commands, options, values and paths at Tab", async () => {
    const world = await userWithAicore();
    const shell = new Terminal(world, "-f -i", 200, "zsh");
    const on = "autoload -Uz compinit && compinit -u -D; source <(aicore completion zsh)";
    await typeIn(shell, "\u001b[?2004h", `cd "${world.home}"; ${on}`);
  });
});

describe.skipIf(!has("fish"))("fish", () => {
  test.each([
    ["aicore dep", /^deployments\twhat is deployed/m],
    ["aicore --profile ", /^play\t[\s\S]*^work\t|^work\t[\s\S]*^play\t/m],
    ["aicore env ", /^claude\tClaude Code$/m],
    ["aicore login --storage=", /^--storage=file$/m],
  ])("completes %j", async (line, offers) => {
    const world = await userWithAicore();
    const script = `aicore completion fish | source; complete -C "${line}"`;
    const env = { ...world.env, TERM: "xterm" };
    const { stdout } = spawnSync("fish", ["--no-config", "-c", script], { env, encoding: "utf8" });
    expect(stdout).toMatch(offers);
  });
});

describe.skipIf(!has("pwsh"))("PowerShell", () => {
  test("completes a command", async () => {
    const world = await userWithAicore();
    const script =
      "aicore completion powershell | Out-String | Invoke-Expression;" +
      "(TabExpansion2 -inputScript 'aicore dep' -cursorColumn 10).CompletionMatches.CompletionText";
    const { stdout } = spawnSync("pwsh", ["-NoProfile", "-c", script], { env: world.env, encoding: "utf8" });
    expect(stdout.trim()).toBe("deployments");
  });
});
