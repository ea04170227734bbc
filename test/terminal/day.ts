/** One user at a terminal, with a home whose path is as long everywhere, so that lines break where they break here. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Sandbox, type SandboxDeployment, startSandbox } from "../../src/sandbox/index.ts";
import { screenOf } from "../support/screen.ts";
import { Terminal } from "../support/terminal.ts";

const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));
const COLUMNS = 80;

/** Tells what it was given; of secrets, only that there is one. */
const FAKE_CLAUDE = `#!/usr/bin/env node
const { argv, env } = process;
if (argv[2] === "--version") console.log("2.1.0 (Claude Code)");
else {
  console.log("arguments: " + argv.slice(2).join(" "));
  for (const name of Object.keys(env).filter((each) => /^(ANTHROPIC|CLAUDE|AICORE)_/.test(each)).sort())
    console.log(name + "=" + (/TOKEN|KEY/.test(name) ? "(" + env[name].length + " letters)" : env[name]));
}
`;

export class Day {
  readonly sandbox: Sandbox;
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(sandbox: Sandbox) {
    this.sandbox = sandbox;
    this.#home = mkdtempSync("/tmp/aicore-");
    const bin = join(this.#home, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "claude"), FAKE_CLAUDE);
    chmodSync(join(bin, "claude"), 0o755);
    symlinkSync(BIN, join(bin, "aicore"));
    for (const program of ["script", "stty", "env"]) symlinkSync(pathOf(program), join(bin, program));
    symlinkSync(process.execPath, join(bin, "node"));
    this.#env = {
      PATH: bin,
      HOME: this.#home,
      LANG: "C.UTF-8",
      NO_UPDATE_NOTIFIER: "1",
      // Whether another program has the usual one is no matter of this day.
      AICORE_PORT: "0",
    };
  }

  static async begin(deployments: readonly SandboxDeployment[]): Promise<Day> {
    const sandbox = await startSandbox({ deployments });
    const day = new Day(sandbox);
    onTestFinished(async () => {
      for (const pid of day.processes()) process.kill(pid, "SIGKILL");
      await sandbox.close();
      rmSync(day.#home, { recursive: true, force: true });
    });
    return day;
  }

  open(command: string): Terminal {
    return new Terminal({ env: this.#env }, "", COLUMNS, command);
  }

  /** The last screen of a command, the command above it, with what differs each time made equal, letter for letter. */
  screen(command: string, { shown }: Terminal): string {
    const all = screenOf(shown, COLUMNS);
    const end = all.findIndex((line) => line.startsWith("speed "));
    const lines = all.slice(0, end === -1 ? undefined : end);
    return equalled([`$ ${command}`, ...lines].join("\n").replaceAll(this.#home, "/home/ada-lovelace"));
  }

  /** Whoever still runs with this user's home. */
  processes(): number[] {
    const mark = `HOME=${this.#home}\0`;
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
      .map(Number);
  }
}

const EQUAL: readonly [RegExp, string][] = [
  [/(127\.0\.0\.1:)\d{5}\b/g, "$150000"],
  [/^(. Node +).*$/m, "$1(its version)"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "2027-01-01T00:00:00Z"],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "01234567-89ab-cdef-0123-456789abcdef"],
  [/\bd[0-9a-f]{15}\b/g, "d0123456789abcde"],
  [/\bafter \d+s\b/g, "after 1s"],
];

function equalled(text: string): string {
  return `${EQUAL.reduce((rest, [pattern, same]) => rest.replace(pattern, same), text).trimEnd()}\n`;
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

function pathOf(program: string): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const folder = folders.find((each) => each !== "" && readdirIn(each).includes(program));
  if (folder === undefined) throw new Error(`no ${program} on PATH`);
  return join(folder, program);
}

function readdirIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
