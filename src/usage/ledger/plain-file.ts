/** Rows as lines of a file, where this Node has no embedded database; a Node that has one takes them over. */
import { appendFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { ensurePrivateFolder } from "../../config/private-file.ts";
import type { RequestRow } from "../../database/schema.ts";
import { lineOf } from "./row-line.ts";

export class PlainFile {
  readonly #path: string;
  readonly #warn: (message: string) => void;
  #told = false;

  constructor(path: string, warn: (message: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  append(rows: readonly RequestRow[]): void {
    const name = basename(this.#path);
    if (!this.#told) {
      this.#warn(`usage statistics are kept in ${name} only (no embedded database for this Node/OS)`);
    }
    this.#told = true;
    ensurePrivateFolder(dirname(this.#path));
    appendFileSync(this.#path, rows.map(lineOf).join(""), { mode: 0o600 });
  }
}
