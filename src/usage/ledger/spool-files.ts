/**
 * The files in which rows wait for the database, one JSON line each: `rows.<ledger>.<number>.<host>.<process>.jsonl`. A
 * ledger writes to the one with its highest number; whoever finds files of a process that is no more takes them over by
 * putting its own host and process into the name, which only one can do.
 */
import { readdirSync, renameSync, statSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

export interface SpoolFile {
  path: string;
  /** Of the ledger that wrote it, and in its order. */
  ledgerId: string;
  number: number;
  host: string;
  pid: number;
}

const NAME = /^rows\.([0-9a-f]+)\.(\d+)\.([\w-]+)\.(\d+)\.jsonl$/;
const HOST = hostname().replace(/[^\w-]/g, "_") || "host";

/** Milliseconds without a sign of life after which a file counts as left, where its process cannot be asked. */
const SILENCE = 60_000;
/** The same where the process has our own number: in a container the one before us had it too. */
const OWN_SILENCE = 15_000;

/** By the global `crypto`, which the thread never asks for: to import Node's would cost it 0.6 MB (Node 20, 2026-11). */
export function newLedgerId(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex");
}

export function spoolPath(folder: string, ledgerId: string, number: number): string {
  return join(folder, `rows.${ledgerId}.${number}.${HOST}.${process.pid}.jsonl`);
}

/** Those in the folder, in the order in which they were written; none where there is no folder. */
export function spoolFiles(folder: string): SpoolFile[] {
  return namesIn(folder)
    .flatMap((name): SpoolFile[] => {
      const [, ledgerId, number, host, pid] = NAME.exec(name) ?? [];
      if (!ledgerId || !host) return [];
      return [{ path: join(folder, name), ledgerId, number: Number(number), host, pid: Number(pid) }];
    })
    .sort(inOrder);
}

/** Takes a file over; undefined when another process was faster. */
export function adopt(file: SpoolFile, folder: string): SpoolFile | undefined {
  const path = spoolPath(folder, file.ledgerId, file.number);
  try {
    if (path !== file.path) renameSync(file.path, path);
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    return undefined;
  }
  return { ...file, path, host: HOST, pid: process.pid };
}

/** Tells other processes that a file is still somebody's. */
export function keepAlive({ path }: SpoolFile): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Gone, or on a disk that became read-only: both are met when it is read.
  }
}

/** Whether nobody will ever go on with a file that is not ours. */
export function isLeft(file: SpoolFile, now = Date.now()): boolean {
  if (file.host !== HOST) return silenceOf(file, now) > SILENCE;
  if (file.pid === process.pid) return silenceOf(file, now) > OWN_SILENCE;
  return !isRunning(file.pid);
}

function silenceOf({ path }: SpoolFile, now: number): number {
  return now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Without a collator, for whose first comparison the thread would wait 5 ms (Node 20, 2026-11). */
function inOrder(a: SpoolFile, b: SpoolFile): number {
  if (a.ledgerId !== b.ledgerId) return a.ledgerId < b.ledgerId ? -1 : 1;
  return a.number - b.number;
}
