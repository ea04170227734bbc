/** A real Chromium, driven over the DevTools protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { type Browser, connect } from "./devtools.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where it is on PATH; undefined: not installed, and its tests are skipped. */
export const CHROMIUM = findOnPath();

function findOnPath(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Chromium extends Browser {
  close(): Promise<void>;
}

/** Starts one with a profile of its own, which goes with it. */
export async function startChromium(): Promise<Chromium> {
  if (!CHROMIUM) throw new Error("no chromium on PATH");
  const profile = mkdtempSync(join(tmpdir(), "aicore-chromium-"));
  const flags = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
  ];
  const child = spawn(
    CHROMIUM,
    [...flags, "--lang=en-US", `--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, HOME: profile, LANG: "en_US.UTF-8" } },
  );
  const gone = once(child, "exit");
  const browser = await connect(await address(child));
  return {
    ...browser,
    async close() {
      await browser.send("Browser.close").catch(() => child.kill("SIGKILL"));
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** It says on stderr where it listens. */
async function address({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error("no stderr");
  const lines = createInterface({ input: stderr });
  for await (const line of lines) {
    const [, url] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (!url) continue;
    stderr.resume();
    return url;
  }
  throw new Error("chromium ended before it listened");
}
