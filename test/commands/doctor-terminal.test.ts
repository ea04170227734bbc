import { spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { HEALTHY } from "../doctor/scene.ts";
import { loggedInWorld } from "./world.ts";

const BIN = fileURLToPath(new URL("../../bin/aicore.js", import.meta.url));
const HAS_SCRIPT = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

test.skipIf(!HAS_SCRIPT)(
  "on a terminal: headings, symbols, colours, and no spinner left behind",
  async () => {
    const world = await loggedInWorld({ deployments: HEALTHY });
    const command = `stty cols 100; "${process.execPath}" "${BIN}" doctor`;
    const child = spawn("script", ["-qefc", command, "/dev/null"], {
      env: { PATH: process.env.PATH, TERM: "xterm", LANG: "C.UTF-8", SHELL: "/bin/sh", ...world.env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let shown = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
    });
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
    expect(shown).toContain("\u001b[1mThis machine\u001b[22m");
    expect(shown).toContain(`\u001b[32m✔\u001b[39m Node                    ${process.versions.node}`);
    expect(shown).toContain(
      "\u001b[32m✔\u001b[39m Deployments             2 running: claude 1, embedding 1\r\n",
    );
    // Whatever the spinner drew is erased, and the cursor shown again.
    expect(shown.lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(shown.lastIndexOf("\u001b[?25l"));
  },
);
