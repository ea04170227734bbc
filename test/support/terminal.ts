import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));

/** Whether this machine can give a program a terminal of its own (util-linux's `script`). */
export const HAS_TERMINAL = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** What `stty -a` says, printed at the end, when the terminal shows again what is typed. */
export const ECHOES = /(^|[\s;])echo[\s;]/m;

const AICORE = `"${process.execPath}" "${BIN}"`;

/** Milliseconds that anything may take to be shown. */
const PATIENCE = 15_000;

/** `aicore <args>`, as typed in a shell, on a terminal of its own, with what that shows. */
export class Terminal {
  shown = "";
  readonly code: Promise<number | null>;
  readonly #child: ChildProcess;
  #seen = 0;

  /** @param program what to run in place of `aicore`: a shell, for instance. */
  constructor(world: { env: NodeJS.ProcessEnv }, args: string, columns = 80, program = AICORE) {
    // A shell that is not told otherwise ends at a Ctrl-C that its child outlived.
    const command = `trap : INT; stty cols ${columns} rows ${columns && 24}; ${program} ${args}; code=$?; stty -a; exit $code`;
    const env = { PATH: process.env.PATH, TERM: "xterm", SHELL: "/bin/sh", ...world.env };
    this.#child = spawn("script", ["-qefc", command, "/dev/null"], {
      env,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.shown += text;
    });
    this.code = new Promise((resolve) => this.#child.once("close", resolve));
    onTestFinished(() => void this.#child.kill("SIGKILL"));
  }

  /** Waits for `text` behind what was waited for before. */
  async until(text: string): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE);
    for (let at = this.#find(text); at === -1; at = this.#find(text)) {
      await this.#more(deadline).catch(() => {
        throw new Error(`"${text}" never came:\n${this.shown}`);
      });
    }
    this.#seen = this.#find(text) + text.length;
  }

  #find(text: string): number {
    return this.shown.indexOf(text, this.#seen);
  }

  /** Settles with the next bytes; fails at the end of them, and with `deadline`. */
  #more(deadline: AbortSignal): Promise<void> {
    const { stdout } = this.#child;
    if (!stdout || stdout.readableEnded || deadline.aborted) return Promise.reject();
    return new Promise((resolve, reject) => {
      const settle = (how: () => void) => () => {
        stdout.off("data", more).off("end", none);
        deadline.removeEventListener("abort", none);
        how();
      };
      const more = settle(resolve);
      const none = settle(reject);
      stdout.on("data", more).on("end", none);
      deadline.addEventListener("abort", none);
    });
  }

  /** The exit code; fails with what was shown when the program goes on and on. */
  async end(): Promise<number | null> {
    const late = AbortSignal.timeout(PATIENCE);
    return await Promise.race([
      this.code,
      new Promise<never>((_, reject) => {
        late.addEventListener("abort", () => reject(new Error(`It never ended:\n${this.shown}`)));
      }),
    ]);
  }

  /** Types once `prompt` is shown. */
  async type(prompt: string, text: string): Promise<void> {
    await this.until(prompt);
    this.send(text);
  }

  send(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** What was shown as lines, without colours and without what was wiped away again. */
  get lines(): string[] {
    return this.shown.split(/\r*\n/).map((line) => line.replace(WIPED, "").replace(SEQUENCE, ""));
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it removes
const WIPED = /^.*\u001b\[1G\u001b\[0[JK]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it removes
const SEQUENCE = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
