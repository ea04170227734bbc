/** The worker's side of the spool: rows in the order in which they came, and files removed once all of theirs are stored. */
import { closeSync, existsSync, openSync, readSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { ensurePrivateFolder } from "../../config/private-file.ts";
import type { RequestRow } from "../../database/schema.ts";
import { rowIn } from "./row-line.ts";
import {
  adopt,
  isLeft,
  keepAlive,
  newLedgerId,
  type SpoolFile,
  spoolFiles,
  spoolPath,
} from "./spool-files.ts";

/** Bytes that are read at once: some 1,700 rows. */
const CHUNK = 1_048_576;
const LINE_END = 10;

export interface Batch {
  rows: RequestRow[];
  /** Lines that are none of ours, or were cut short when a disk was full. */
  damaged: number;
  /** Whether this process wrote them, or one that is no more. */
  own: boolean;
  path: string;
  /** Where in the file it ends. */
  end: number;
  /** Whether there was more than this when it was read. */
  more: boolean;
}

export interface SpoolOptions {
  folder: string;
  ledgerId: string;
}

export class Spool {
  readonly #options: SpoolOptions;
  /** Files of others that we took over. */
  #adopted: SpoolFile[] = [];
  /** Bytes of each file that are stored. */
  readonly #done = new Map<string, number>();
  /** Holds what was read last. Of memory that is not filled the system takes none. */
  readonly #chunk = Buffer.allocUnsafeSlow(CHUNK);

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** The next rows that are not stored yet; the same ones again until `stored` is called. undefined: none. */
  next(most: number): Batch | undefined {
    const own = this.#ownFiles();
    const last = own.at(-1);
    for (const file of [...own, ...this.#adopted]) {
      const batch = this.#read(file, most);
      if (batch && (file !== last || this.#adopted.length > 0)) batch.more = true;
      if (batch) return batch;
      if (file !== last) this.#remove(file);
    }
    return undefined;
  }

  stored({ path, end }: Batch): void {
    this.#done.set(path, end);
  }

  /** Takes over what dead processes left behind. @returns how many files */
  adoptLeft(): number {
    const { folder, ledgerId } = this.#options;
    const known = new Set(this.#adopted.map(({ path }) => path));
    const left = spoolFiles(folder).filter(
      (file) => file.ledgerId !== ledgerId && !known.has(file.path) && isLeft(file),
    );
    const taken = left.flatMap((file) => adopt(file, folder) ?? []);
    this.#adopted.push(...taken);
    return taken.length;
  }

  /** Takes over a file of rows that was kept while there was no database. */
  adoptPlain(path: string): boolean {
    const { folder } = this.#options;
    try {
      if (!existsSync(path)) return false;
      ensurePrivateFolder(folder);
      const ledgerId = newLedgerId();
      const adopted = spoolPath(folder, ledgerId, 1);
      renameSync(path, adopted);
      this.#adopted.push(...spoolFiles(folder).filter((file) => file.path === adopted));
      return true;
    } catch {
      return false;
    }
  }

  keepAlive(): void {
    for (const file of [...this.#ownFiles(), ...this.#adopted]) keepAlive(file);
  }

  /** Removes all that is stored, once nobody writes any more. @returns whether anything is left */
  close(): boolean {
    const files = [...this.#ownFiles(), ...this.#adopted];
    const left = files.filter((file) => this.#read(file, 1));
    for (const file of files) if (!left.includes(file)) this.#remove(file);
    removeEmpty(this.#options.folder);
    return left.length > 0;
  }

  #ownFiles(): SpoolFile[] {
    const { folder, ledgerId } = this.#options;
    return spoolFiles(folder).filter((file) => file.ledgerId === ledgerId);
  }

  #read({ path, ledgerId }: SpoolFile, most: number): Batch | undefined {
    const from = this.#done.get(path) ?? 0;
    const bytes = readAt(path, from, this.#chunk);
    const rows: RequestRow[] = [];
    let damaged = 0;
    let at = 0;
    while (rows.length < most) {
      const end = bytes.indexOf(LINE_END, at);
      if (end < 0) break;
      const row = rowIn(bytes.toString("utf8", at, end));
      if (row) rows.push(row);
      else damaged++;
      at = end + 1;
    }
    // No line of ours is that long.
    if (at === 0 && bytes.length === CHUNK) [at, damaged] = [bytes.length, 1];
    if (at === 0) return undefined;
    const own = ledgerId === this.#options.ledgerId;
    const more = rows.length === most || bytes.length === CHUNK;
    return { rows, damaged, own, path, end: from + at, more };
  }

  #remove(file: SpoolFile): void {
    rmSync(file.path, { force: true });
    this.#done.delete(file.path);
    this.#adopted = this.#adopted.filter(({ path }) => path !== file.path);
  }
}

/** Reads into `buffer` and answers its part that was filled: nothing for a file that is gone or cannot be read. */
function readAt(path: string, from: number, buffer: Buffer): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, from));
  } catch {
    return buffer.subarray(0, 0);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not empty, or never made.
  }
}
