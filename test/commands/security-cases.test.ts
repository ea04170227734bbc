/** The command line itself. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ECHOES, HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { CANARY, checkSecurityCases, type SecurityCase } from "./security-case.ts";
import { loggedInWorld, newWorld } from "./world.ts";

const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));
const LOW_PORTS_ARE_FREE =
  process.platform !== "linux" ||
  process.getuid?.() === 0 ||
  Number(readFileSync("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8")) <= 80;
/** Lies about the version of Node, before our first line. */
const NODE_18 = `data:text/javascript,${encodeURIComponent(
  'Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.19.0"}})',
)}`;
const PROFILE = /^Error: A profile name must match \^\[A-Za-z0-9\]/;

const CASES: SecurityCase[] = [
  {
    id: "C1",
    name: "an unknown command",
    args: "statsu",
    code: 2,
    says: /^Error: Unknown command 'statsu'\nDid you mean status\?\n$/,
  },
  {
    id: "C1",
    name: "an unknown option",
    args: "status --jsn",
    code: 2,
    says: /'--jsn'\nDid you mean --json\?/,
  },
  {
    id: "C1",
    name: "an unknown option with a value",
    args: `login --bogus=${CANARY}`,
    code: 2,
    says: /Unknown option '--bogus'/,
  },
  {
    id: "C2",
    name: "a port that is a word",
    args: "serve --port abc",
    code: 2,
    says: /--port: .*0 to 65535, got "abc"/,
  },
  {
    id: "C2",
    name: "a port too high",
    args: "serve --port 70000",
    code: 2,
    says: /--port: .*0 to 65535, got "70000"/,
  },
  {
    id: "C2",
    name: "a port without the right to it",
    args: "serve --port 80",
    loggedIn: true,
    skip: LOW_PORTS_ARE_FREE,
    code: 6,
    says: /^Error: Port 80 may not be used by this user/,
  },
  {
    id: "C3",
    name: "a door open to the network without keys",
    args: "serve --host 0.0.0.0",
    loggedIn: true,
    code: 2,
    says: /^Error: Refusing to listen on 0\.0\.0\.0 without API keys\./,
  },
  {
    id: "C4",
    name: "a secret as an argument",
    args: `login --client-secret ${CANARY}`,
    code: 2,
    says: /^Error: Secrets are not accepted on the command line/,
  },
  {
    id: "C4",
    name: "a secret glued to its option",
    args: `login --service-key=${CANARY}`,
    code: 2,
    says: /^Error: Secrets are not accepted on the command line/,
  },
  {
    id: "C5",
    name: "a missing value",
    args: "serve --port",
    code: 2,
    says: /'--port <number>' argument missing/,
  },
  {
    id: "C5",
    name: "options that exclude each other",
    args: "login KEY --storage file --insecure-storage",
    code: 2,
    says: /cannot be used with option/,
  },
  {
    id: "C6",
    name: "login without a terminal and without input",
    args: "login",
    code: 2,
    says: /^Error: No terminal: pipe the key: aicore login - < key\.json/,
  },
  {
    id: "C9",
    name: "no HOME",
    args: "status",
    env: { HOME: undefined, AICORE_CLI_HOME: undefined },
    code: 3,
    says: /^Error: HOME is not set/,
  },
  {
    id: "C9",
    name: "a home that cannot be written",
    args: "login KEY --insecure-storage --no-verify",
    env: { AICORE_CLI_HOME: "/dev/null/nowhere" },
    code: 3,
    says: /\/dev\/null\/nowhere\/config/,
  },
  {
    id: "C10",
    name: "a Node that is too old",
    args: "status",
    options: { node: ["--import", NODE_18] },
    code: 3,
    says: /^Error: aicore needs Node 20\.18\.1 or newer \(found 18\.19\.0\)\.\n/,
  },
  { id: "C11", name: "a profile name that is a path", args: "--profile ../x status", code: 2, says: PROFILE },
  { id: "C11", name: "an empty profile name", args: "--profile= status", code: 2, says: PROFILE },
  {
    id: "C11",
    name: "a profile name of 300 letters",
    args: `--profile ${"p".repeat(300)} status`,
    code: 2,
    says: PROFILE,
  },
];

checkSecurityCases("C", 12, CASES, ["C7", "C8", "C12"]);

describe("cases that need a terminal or a shell", () => {
  test.skipIf(!HAS_TERMINAL)(
    "C7 Ctrl-C at a prompt: exit 130, the terminal restored, nothing saved",
    async () => {
      const world = await newWorld();
      const terminal = new Terminal(world, "login");
      await terminal.type("Paste the service key", `${CANARY}\u0003`);
      expect(await terminal.code).toBe(130);
      expect(terminal.shown).toMatch(ECHOES);
      expect(terminal.shown).not.toContain(CANARY);
      expect(existsSync(join(world.home, "config"))).toBe(false);
    },
  );

  test.each(["models list", "deployments list", "status", "--help"])(
    "C8 aicore %s | head -1",
    async (args) => {
      const world = await loggedInWorld();
      const line = `"${process.execPath}" "${BIN}" ${args} | head -1; echo "\${PIPESTATUS[0]}"`;
      const child = spawn("bash", ["-c", line], { env: { PATH: process.env.PATH, ...world.env } });
      let stdout = "";
      let stderr = "";
      child.stdout.on("data", (text) => {
        stdout += text;
      });
      child.stderr.on("data", (text) => {
        stderr += text;
      });
      await new Promise((resolve) => child.once("close", resolve));
      expect({ last: stdout.trim().split("\n").at(-1), stderr }).toEqual({ last: "0", stderr: "" });
    },
  );

  test.skipIf(!HAS_TERMINAL).each<[name: string, env: NodeJS.ProcessEnv]>([
    ["NO_COLOR in CI", { NO_COLOR: "1", CI: "true" }],
    ["CI", { CI: "true" }],
    ["a terminal that can nothing", { TERM: "dumb", LC_ALL: "C" }],
  ])("C12 %s: plain text, no spinner", async (_name, env) => {
    const world = await loggedInWorld();
    Object.assign(world.env, env);
    const terminal = new Terminal(world, "deployments list");
    expect(await terminal.code).toBe(0);
    expect(terminal.shown).not.toContain("\u001b");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is about control characters
    expect(terminal.shown).not.toMatch(/[^\u0000-\u007e]/);
  });
});
