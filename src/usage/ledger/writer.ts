/** Brings rows from the spool into the database, and goes on trying while it cannot be written to. */
import type { RequestRow } from "../../database/schema.ts";
import { checkedRow } from "./row-line.ts";
import type { Spool } from "./spool.ts";

/** Rows in a transaction at most: others wait for it some 20 ms. */
const BATCH = 1_000;
const FIRST_RETRY = 250;
const LAST_RETRY = 2_000;

export interface WriterOptions {
  spool: Spool;
  /** Stores rows, those that are there already not again. */
  append(rows: readonly RequestRow[]): Promise<unknown>;
  /** Hears of rows of this ledger that are stored now: how many came by the spool, how many by message. */
  onStored(rows: readonly RequestRow[], spooled: number, sent: number): void;
  onWorks(): void;
  onFails(error: unknown): void;
}

export class Writer {
  readonly #options: WriterOptions;
  /** Rows that came by message, for the spool could not take them. */
  #sent: RequestRow[] = [];
  #running: Promise<void> | undefined;
  #again = false;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  take(rows: readonly unknown[]): void {
    const fit = rows.flatMap((row) => checkedRow(row) ?? []);
    this.#sent.push(...fit);
    if (fit.length < rows.length) this.#options.onStored([], 0, rows.length - fit.length);
    void this.look();
  }

  /** Writes what there is, unless that failed a moment ago: then when its time comes. Never rejects. */
  async look(): Promise<void> {
    if (!this.#retry) await this.run();
  }

  /** Writes what there is, now. Never rejects. */
  async run(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  async #runAll(): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#writeSpooled();
        await this.#writeSent();
      }
    } catch (error) {
      const delay = Math.min(FIRST_RETRY * 2 ** this.#failures++, LAST_RETRY);
      this.#retry = setTimeout(() => void this.run(), delay).unref();
      // Once is what happens between processes that write at the same time.
      if (this.#failures > 1) this.#options.onFails(error);
      return;
    }
    this.#failures = 0;
    this.#options.onWorks();
  }

  /** What comes meanwhile waits for the next look: under load there would be no end of small transactions. */
  async #writeSpooled(): Promise<void> {
    const { spool, append, onStored } = this.#options;
    for (let more = true; more; ) {
      const batch = spool.next(BATCH);
      if (!batch) return;
      if (batch.rows.length > 0) await append(batch.rows);
      spool.stored(batch);
      if (batch.own) onStored(batch.rows, batch.rows.length + batch.damaged, 0);
      more = batch.more;
    }
  }

  async #writeSent(): Promise<void> {
    while (this.#sent.length > 0) {
      const rows = this.#sent.slice(0, BATCH);
      await this.#options.append(rows);
      this.#sent = this.#sent.slice(rows.length);
      this.#options.onStored(rows, 0, rows.length);
    }
  }
}
