/** The proxy as a process of its own that outlives the terminal. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Paths, pathsFor } from "../config/paths.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../config/private-file.ts";
import { AicoreError } from "../errors.ts";
import { inPackage } from "../package.ts";
import { openLogFile, readLogFrom, sizeOf } from "../service/log-file.ts";
import { type RunningProxy, runningProxies } from "./running.ts";
import type { ServeOptions } from "./serve-door.ts";
import type { Context, Globals } from "./types.ts";

/** Milliseconds: a keychain may take its time, and `serve` waits 3 s for models. */
const PATIENCE = 30_000;
const POLL = 50;
const LAST_WORDS = 8;

/** The entry file of this program, for whoever has to start it again. */
export const SCRIPT = fileURLToPath(inPackage("bin/aicore.js"));

/** What was started, so that `restart` does it again. */
export interface BackgroundNote {
  pid: number;
  /** For `aicore`: `serve` with its options. */
  args: string[];
}

/** The proxy ended before it was ready: with the exit code that it had. */
class StartError extends AicoreError {
  override readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super("not_started", message, {
      hint: "`aicore logs` shows more; `aicore serve` runs it in this terminal.",
    });
    this.exitCode = exitCode;
  }
}

export function logFileIn(paths: Paths): string {
  return join(paths.state, "serve.log");
}

/** The arguments that make `aicore` serve in the way that was asked for: `serve`, with the options of this command. */
export function serveArguments({ profile, verbose }: Globals, options: ServeOptions): string[] {
  const { auth, ...rest } = options;
  const valued = Object.entries(rest).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return [
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...Array.from({ length: verbose }, () => "-v"),
    "serve",
    ...valued.flatMap(([name, value]) => [`--${dashed(name)}`, value]),
    ...(auth === false ? ["--no-auth"] : []),
  ];
}

/** `resourceGroup` → `resource-group`. */
function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

export function readBackgroundNote(paths: Paths): BackgroundNote | undefined {
  const text = readPrivateFile(noteIn(paths))?.toString("utf8");
  return text === undefined ? undefined : (JSON.parse(text) as BackgroundNote);
}

export function forgetBackground(paths: Paths): void {
  removePrivateFile(noteIn(paths));
}

/**
 * Starts the proxy apart from this process, its words in the log file, and waits until it listens.
 * @throws StartError, with its last words, when it ends before that.
 */
export async function startInBackground({ env }: Context, args: string[]): Promise<RunningProxy> {
  const paths = pathsFor(env);
  const path = logFileIn(paths);
  const log = openLogFile(path);
  const before = sizeOf(path);
  const child = spawn(process.execPath, [SCRIPT, ...args, "--log-file", path], {
    env,
    detached: true,
    windowsHide: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  const proxy = await untilListening(child, paths, () => readLogFrom(path, before));
  writePrivateFile(noteIn(paths), `${JSON.stringify({ pid: proxy.pid, args })}\n`);
  return proxy;
}

async function untilListening(child: ChildProcess, paths: Paths, said: () => string): Promise<RunningProxy> {
  let ended: { code: number } | undefined;
  child.once("error", () => {
    ended = { code: 1 };
  });
  child.once("exit", (code) => {
    ended = { code: code || 1 };
  });
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await sleep(POLL)) {
    const proxy = runningProxies(paths).find(({ pid }) => pid === child.pid);
    if (proxy) return proxy;
    if (ended) throw new StartError(`The proxy ended before it was ready.${lastWords(said())}`, ended.code);
  }
  child.kill("SIGTERM");
  throw new StartError(`The proxy was not ready after ${PATIENCE / 1_000} s.${lastWords(said())}`, 1);
}

function lastWords(text: string): string {
  const lines = text.trim().split("\n").slice(-LAST_WORDS);
  return text.trim() === "" ? "" : ` Its last words:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

function noteIn(paths: Paths): string {
  return join(paths.state, "background.json");
}
