/** The program on a terminal of its own. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { World } from "./world.ts";

const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));
/** Without util-linux there is no terminal to test on. */
export const HAS_SCRIPT = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

/** `aicore <args>` on a terminal of its own (util-linux's `script`), with what that shows. */
export class Terminal {
  shown = "";
  readonly code: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(world: World, args: string, columns = 80) {
    const command = `stty cols ${columns}; "${process.execPath}" "${BIN}" ${args}; code=$?; stty -a; exit $code`;
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

  /** Types once `prompt` is shown. */
  async type(prompt: string, text: string): Promise<void> {
    while (!this.shown.includes(prompt)) {
      await new Promise((resolve) => this.#child.stdout?.once("data", resolve));
    }
    this.#child.stdin?.write(text);
  }
}
