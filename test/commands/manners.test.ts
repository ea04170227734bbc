import { spawn } from "node:child_process";
import { describe, expect, test } from "vitest";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { loggedInWorld, newWorld, type World } from "./world.ts";

const ESCAPE = "\u001b";
/** Commands that print something, each in a world that is logged in. */
const PRINTING = [
  "--help",
  "help serve",
  "keychain",
  "status",
  "deployments list",
  "deployments list -o yaml",
  "models list",
  "completion bash",
  "logs",
  "service status",
  "stop",
  "demo",
];

/** What a shell makes of a line. */
function shell(world: World, line: string): Promise<{ stdout: string; stderr: string }> {
  const child = spawn("bash", ["-c", line], { env: { PATH: process.env.PATH, ...world.env } });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.once("close", () => resolve({ stdout, stderr })));
}

describe("on a pipe", () => {
  test.each(PRINTING)("aicore %s prints plain text", async (args) => {
    const world = await loggedInWorld();
    const { code, stdout, stderr } = await world.run(args);
    expect(stdout + stderr).not.toContain(ESCAPE);
    expect(code).toBe(0);
  });

  test.each(PRINTING)("aicore %s does not mind a reader that has gone", async (args) => {
    const world = await loggedInWorld();
    const bin = new URL("../../bin/aicore.js", import.meta.url).pathname;
    const run = `"${process.execPath}" "${bin}" ${args} | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await shell(world, run);
    expect(stdout).toBe("0\n");
    expect(stderr).not.toContain("EPIPE");
  });

  test.each<[name: string, env: NodeJS.ProcessEnv, args: string, colored: boolean]>([
    ["FORCE_COLOR", { FORCE_COLOR: "1" }, "deployments list", true],
    ["FORCE_COLOR and --json", { FORCE_COLOR: "1" }, "deployments list --json", false],
    ["FORCE_COLOR and NO_COLOR", { FORCE_COLOR: "1", NO_COLOR: "1" }, "deployments list", false],
    ["FORCE_COLOR and --no-color", { FORCE_COLOR: "1" }, "deployments list --no-color", false],
    ["FORCE_COLOR=0", { FORCE_COLOR: "0" }, "deployments list", false],
  ])("%s", async (_name, env, args, colored) => {
    const world = await loggedInWorld();
    expect((await world.run(args, { env })).stdout.includes(ESCAPE)).toBe(colored);
  });
});

describe.skipIf(!HAS_TERMINAL)("on a terminal", () => {
  const shown = async (env: NodeJS.ProcessEnv, args: string, columns = 80) => {
    const world = await loggedInWorld();
    Object.assign(world.env, env);
    const terminal = new Terminal(world, args, columns);
    expect(await terminal.code).toBe(0);
    return terminal;
  };
  const table = ({ lines }: Terminal) =>
    lines.slice(
      0,
      lines.findIndex((line) => line.startsWith("speed")),
    );

  test.each<[name: string, env: NodeJS.ProcessEnv, colored: boolean, spins: boolean]>([
    ["a person's", {}, true, true],
    ["CI", { CI: "true" }, false, false],
    ["TERM=dumb", { TERM: "dumb" }, false, false],
    ["NO_COLOR", { NO_COLOR: "1" }, false, true],
  ])("%s: colours and spinner where they belong", async (_name, env, colored, spins) => {
    const { shown: text } = await shown(env, "deployments list");
    expect(text.includes(`${ESCAPE}[32m`)).toBe(colored);
    expect(text.includes("Looking at the deployments")).toBe(spins);
  });

  test.each(["deployments list", "deployments list --all-groups", "models list"])(
    "aicore %s fits into 40 columns, names whole",
    async (args) => {
      const lines = table(await shown({ CI: "1" }, args, 40)).filter((line) => line !== "");
      expect(lines.length).toBeGreaterThan(10);
      expect(lines.filter((line) => line.length > 40)).toEqual([]);
      expect(
        lines.filter((line) => /^(ID|MODEL)|^d[0-9a-f]{15}( |$)|^[a-z]+--?[\w.-]+( |$)/.test(line)),
      ).toEqual(lines);
    },
  );
});

describe("what was meant", () => {
  test.each<[args: string, code: number, says: RegExp]>([
    ["statsu", 2, /Unknown command 'statsu'\nDid you mean status\?/],
    ["serivce", 2, /Did you mean service\?/],
    ["models lst", 2, /Did you mean list\?/],
    ["chat --modle x", 2, /Did you mean --model\?/],
    ["env cluade", 2, /no tool named "cluade".*\nDid you mean claude\?/],
    ["env --shell bsah", 2, /Did you mean bash\?/],
    ["login --storage keychian", 2, /Did you mean keychain\?/],
    ["deployments list -o jsn", 2, /Did you mean json\?/],
    [
      "deployments list -o nothing-like-it",
      2,
      /Allowed choices are table, json, yaml, name\.\nSee aicore --help/,
    ],
    ["completion zhs", 2, /Did you mean zsh\?/],
    ["--profile wrok status", 4, /no profile "wrok"\.\nDid you mean work\?/],
  ])("aicore %s", async (args, code, says) => {
    const world = await newWorld();
    await world.run(`--profile work login ${world.keyFile} --insecure-storage --no-verify`);
    const ran = await world.run(args);
    expect(ran.stderr).toMatch(says);
    expect(ran).toMatchObject({ code, stdout: "" });
  });
});
