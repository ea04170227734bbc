/**
 * Where the main thread puts its rows: at the end of a file, which the worker reads. What was appended survives kill -9
 * (security F46); it is a call of some microseconds, less than a message to another thread would cost.
 */
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
import { ensurePrivateFolder } from "../../config/private-file.ts";
import type { RequestRow } from "../../database/schema.ts";
import { lineOf } from "./row-line.ts";
import { spoolPath } from "./spool-files.ts";

/** Bytes after which a new file is begun, so that the worker can remove the one before. */
const FULL = 4_194_304;
/** Rows that may wait for a database that is away: half a gigabyte. */
const MOST = 800_000;
/** Milliseconds of silence after which a new file is begun: if we slept, another process may have taken ours over. */
const SLEPT = 10_000;
/** An append that takes longer (milliseconds) is on a disk that could hold up requests: it is left alone for a while. */
const SLOW = 50;
const REST = 10_000;
const RETRY = 1_000;

export interface JournalOptions {
  folder: string;
  ledgerId: string;
  /** Bytes after which a new file is begun. */
  full?: number;
}

export class Journal {
  readonly #options: JournalOptions;
  #file: number | undefined;
  #number = 0;
  #size = 0;
  #waiting = 0;
  #lastAppend = 0;
  #notBefore = 0;
  /** Whether the last append was cut short, in the middle of a line. */
  #torn = false;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** False when the row has to go another way: the disk is full, read-only, slow. Never throws. */
  append(row: RequestRow): boolean {
    const now = Date.now();
    if (now < this.#notBefore || this.#waiting >= MOST) return false;
    const line = `${this.#torn ? "\n" : ""}${lineOf(row)}`;
    try {
      const file = this.#open(now);
      const began = Date.now();
      const written = writeSync(file, line);
      if (Date.now() - began > SLOW) this.#notBefore = now + REST;
      this.#torn = written < Buffer.byteLength(line);
      this.#size += written;
      if (this.#torn) throw new Error("cut short");
    } catch {
      this.#notBefore = now + RETRY;
      return false;
    }
    this.#waiting++;
    this.#lastAppend = now;
    return true;
  }

  /** Rows that the worker has not stored yet. */
  get waiting(): number {
    return this.#waiting;
  }

  stored(rows: number): void {
    this.#waiting = Math.max(0, this.#waiting - rows);
  }

  /** Brings to the disk itself what is not stored. Nothing may be appended any more. */
  close(): void {
    try {
      if (this.#file !== undefined && this.#waiting > 0) fsyncSync(this.#file);
      this.#end();
    } catch {
      // A disk that is full or gone; there is nothing more to be done.
    }
  }

  #open(now: number): number {
    const { folder, ledgerId, full = FULL } = this.#options;
    const isOver = this.#size >= full || now - this.#lastAppend > SLEPT;
    if (this.#file !== undefined && !isOver) return this.#file;
    this.#end();
    ensurePrivateFolder(folder);
    this.#number++;
    this.#file = openSync(spoolPath(folder, ledgerId, this.#number), "ax", 0o600);
    this.#size = 0;
    this.#torn = false;
    return this.#file;
  }

  #end(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
  }
}
