/** The log of a proxy in the background: one file that nobody else reads and that does not grow for ever. */
import {
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  statSync,
  truncateSync,
  watch,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { ensurePrivateFolder, makePrivate } from "../config/private-file.ts";
import { ConfigError } from "../errors.ts";

/** Bytes; what is older than twice that is gone. */
const LIMIT = 5 * 1024 * 1024;

/**
 * Opens the file to append to, mode 0600.
 * @returns the descriptor
 * @throws ConfigError when it cannot be written, or is a symbolic link.
 */
export function openLogFile(path: string): number {
  ensurePrivateFolder(dirname(path));
  try {
    const { O_APPEND, O_CREAT, O_NOFOLLOW = 0, O_WRONLY } = constants;
    const file = openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
    makePrivate(path);
    return file;
  } catch (cause) {
    throw new ConfigError("log_unwritable", `Cannot write the log file ${path}.`, { cause });
  }
}

/**
 * Where a logger's lines go. A full file is copied to `<path>.1` and emptied: a rename would leave those behind who hold
 * the same file open, such as our own stderr.
 */
export function writeLogFile(path: string, limit = LIMIT): (line: string) => void {
  const file = openLogFile(path);
  return (line) => {
    try {
      if (fstatSync(file).size + line.length >= limit) rotate(path);
      writeSync(file, `${line}\n`);
    } catch {
      // A full disk must not end the proxy.
    }
  };
}

function rotate(path: string): void {
  copyFileSync(path, `${path}.1`);
  makePrivate(`${path}.1`);
  truncateSync(path);
}

/** Bytes in the file; 0 where there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The text from byte `start` on; empty where there is no file. */
export function readLogFrom(path: string, start: number): string {
  return bytesFrom(path, start).toString("utf8");
}

function bytesFrom(path: string, start: number): Buffer {
  const size = sizeOf(path);
  if (size <= start) return Buffer.alloc(0);
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(size - start);
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}

/** The last `count` lines, those of the file before it included. */
export function lastLines(path: string, count: number): string[] {
  const lines = [`${path}.1`, path].flatMap((each) => readLogFrom(each, 0).split("\n"));
  return count === 0 ? [] : lines.filter((line) => line !== "").slice(-count);
}

/**
 * Hands on what is appended from now on, whole lines at a time, until `signal`. A file that was emptied is read from its
 * beginning.
 */
export function followLog(path: string, signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
  let at = sizeOf(path);
  const read = () => {
    if (sizeOf(path) < at) at = 0;
    const bytes = bytesFrom(path, at);
    const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
    at += whole.length;
    for (const line of whole.toString("utf8").split("\n").slice(0, -1)) onLine(line);
  };
  ensurePrivateFolder(dirname(path));
  const watcher = watch(dirname(path), read);
  return new Promise((resolve, reject) => {
    watcher.on("error", reject);
    signal.addEventListener("abort", () => {
      watcher.close();
      resolve();
    });
  });
}
