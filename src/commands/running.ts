/** What a running `aicore serve` leaves for `aicore env` and `aicore status`: where it listens. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../config/private-file.ts";

export interface RunningProxy {
  url: string;
  port: number;
  pid: number;
  version: string;
  /** How long it lets open streams finish. */
  drainSeconds?: number;
}

/** Notes a proxy in a file of its own; the answer removes it. */
export function announce(paths: Paths, proxy: RunningProxy): () => void {
  const path = join(paths.state, `serve-${proxy.port}.json`);
  writePrivateFile(path, `${JSON.stringify(proxy)}\n`);
  return () => removePrivateFile(path);
}

/** The proxies that run, lowest port first. Notes of processes that are gone (killed, crashed) are left out. */
export function runningProxies(paths: Paths): RunningProxy[] {
  return notesIn(paths.state)
    .map((name) => readPrivateFile(join(paths.state, name))?.toString("utf8"))
    .filter((text) => text !== undefined)
    .map((text) => JSON.parse(text) as RunningProxy)
    .filter((proxy) => isAlive(proxy.pid))
    .sort((one, other) => one.port - other.port);
}

function notesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^serve-\d+\.json$/.test(name));
  } catch {
    return [];
  }
}

/** Signal 0 asks only; EPERM means that the process is there but not ours. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Removes the note of a proxy that had no time to do so itself. */
export function forgetProxy(paths: Paths, port: number): void {
  removePrivateFile(join(paths.state, `serve-${port}.json`));
}
