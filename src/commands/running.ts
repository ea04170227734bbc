/** What a running `aicore serve` leaves for `aicore env` and `aicore status`: where it listens. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "../config/paths.ts";
import { readPrivateFile, removePrivateFile, writePrivateFile } from "../config/private-file.ts";
import { isObject } from "../hub/json.ts";

export interface RunningProxy {
  url: string;
  port: number;
  pid: number;
  version: string;
  /** The file with its certificate, when it speaks https. */
  certificate?: string;
  /** How long it lets open streams finish. */
  drainSeconds?: number;
}

/**
 * Notes a proxy in a file of its own; the answer removes it, unless another proxy has taken the port meanwhile. Notes
 * that a killed or crashed one left behind are removed on the way.
 */
export function announce(paths: Paths, proxy: RunningProxy): () => void {
  for (const { path, note } of notesIn(paths)) if (!note || !isAlive(note.pid)) removePrivateFile(path);
  const own = join(paths.state, `serve-${proxy.port}.json`);
  writePrivateFile(own, `${JSON.stringify(proxy)}\n`);
  return () => {
    if (noteAt(own)?.pid === proxy.pid) removePrivateFile(own);
  };
}

/** The proxies that run, lowest port first. Notes of processes that are gone (killed, crashed) are left out. */
export function runningProxies(paths: Paths): RunningProxy[] {
  return notesIn(paths)
    .map(({ note }) => note)
    .filter((note) => note !== undefined)
    .filter((note) => isAlive(note.pid))
    .sort((one, other) => one.port - other.port);
}

function notesIn({ state }: Paths): { path: string; note: RunningProxy | undefined }[] {
  return namesIn(state)
    .filter((name) => /^serve-\d+\.json$/.test(name))
    .map((name) => join(state, name))
    .map((path) => ({ path, note: noteAt(path) }));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The note in a file; undefined when it is gone, or holds none. */
function noteAt(path: string): RunningProxy | undefined {
  const text = readPrivateFile(path)?.toString("utf8");
  try {
    const note: unknown = JSON.parse(text ?? "");
    return isObject(note) && Number.isInteger(note.pid) ? (note as unknown as RunningProxy) : undefined;
  } catch {
    return undefined;
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
