/**
 * What a proxy knows of keys and usage without ever waiting for a database: rows go to the end of a file and the keys are
 * in memory; a thread of its own does the rest.
 */
import { join } from "node:path";
import type { Where } from "../../config/database.ts";
import type { RequestRow } from "../../database/schema.ts";
import type { AcceptedKey } from "../../keys/api-key.ts";
import type { Spent } from "../../keys/gate.ts";
import type { Logger } from "../../log.ts";
import { Journal } from "./journal.ts";
import { KnownKeys } from "./known-keys.ts";
import type { FromWorker, QuestionKind, Questions } from "./messages.ts";
import { PendingSpending } from "./pending-spending.ts";
import { newLedgerId } from "./spool-files.ts";
import { LedgerThread } from "./thread.ts";

export interface Ledger {
  /** Never throws, never waits for a database. */
  record(row: RequestRow): void;
  /** Keys of the database that may be used now; undefined: nobody can tell, it is away for too long or was never there. */
  readonly keys: readonly AcceptedKey[] | undefined;
  /** What a key has used in a period, what this process has finished since the last look included. */
  spentBy(keyId: string, period: string): Spent;
  /** Called whenever `keys` has changed. */
  onKeys(listener: () => void): void;
  /** Over when the database was looked at for the first time, whether that worked or not. */
  looked(): Promise<void>;
  /** @throws AicoreError as the stores do; `database_slow` after 5 s without an answer */
  ask<Kind extends QuestionKind>(
    kind: Kind,
    about: Questions[Kind]["about"],
  ): Promise<Questions[Kind]["answer"]>;
  state(): LedgerState;
  /** Writes what it can in 2 s; the rest waits in files for the next one. */
  close(): Promise<void>;
}

export interface LedgerState {
  /** Undefined until the database was opened. */
  engine: string | undefined;
  /** Rows in memory, for the disk cannot take them. */
  queued: number;
  /** Rows in files. */
  spooled: number;
  /** Rows that are lost. */
  dropped: number;
  lastError: string | undefined;
}

export interface LedgerOptions {
  where: { keys: Where; requests: Where };
  /** The folder for rows that wait (`usage-spool`) and for `usage.jsonl`, where there is no embedded database. */
  folder: string;
  /** Whether the keys of the database are wanted: the thread then starts at once, else with the first row. */
  keys: boolean;
  /** Whether requests are kept; if not, they are only counted against the limits of keys. */
  usage: boolean;
  retentionDays: number;
  log: Logger;
  /** Milliseconds between two looks at keys and spending. Default: 500. */
  pollEvery?: number;
  /** Milliseconds after which rows beyond the retention go, for the first time. Default: a minute. */
  pruneAfter?: number;
  /** Milliseconds for which the keys of a Postgres that is away go on (security F50). Default: 60 s. */
  keysLast?: number;
}

const POLL_EVERY = 500;
const PRUNE_AFTER = 60_000;
/** Milliseconds after which the thread is told of rows. */
const LOOK_AFTER = 250;
/** The same under load: each transaction takes 1.5 ms of CPU, as much as a hundred rows (libsql, 2026-11). */
const LOOK_EVERY = 1_000;
const KEYS_LAST = 60_000;
/** Rows in memory at most. */
const MOST_QUEUED = 10_000;
const CLOSING = 2_000;

export function openLedger(options: LedgerOptions): Ledger {
  return new OpenLedger(options);
}

class OpenLedger implements Ledger {
  readonly #options: LedgerOptions;
  readonly #journal: Journal;
  readonly #thread: LedgerThread;
  readonly #spending = new PendingSpending();
  readonly #keys: KnownKeys;
  /** Rows that the journal did not take, not yet told to the thread. */
  #queue: RequestRow[] = [];
  /** Told and not yet stored. */
  #sent: RequestRow[] = [];
  #dropped = 0;
  #engine: string | undefined;
  #trouble: string | undefined;
  #lookSoon: NodeJS.Timeout | undefined;
  /** By a clock that nobody sets. */
  #lastLook = Number.NEGATIVE_INFINITY;
  /** Those who wait for the first look; undefined: it is over. */
  #waiting: (() => void)[] | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LedgerOptions) {
    const { where, folder, keys, usage, retentionDays, keysLast } = options;
    const { pollEvery = POLL_EVERY, pruneAfter = PRUNE_AFTER } = options;
    const spool = { folder: join(folder, "usage-spool"), ledgerId: newLedgerId() };
    const plainFile = join(folder, "usage.jsonl");
    this.#options = options;
    this.#keys = new KnownKeys("url" in where.keys ? (keysLast ?? KEYS_LAST) : undefined);
    this.#waiting = keys ? [] : undefined;
    this.#journal = new Journal(spool);
    this.#thread = new LedgerThread({
      data: { ...spool, where, plainFile, keys, usage, retentionDays, pollEvery, pruneAfter },
      hear: (message) => this.#hear(message),
      onBroken: (error) => this.#recover(error),
    });
    if (keys) this.#thread.start();
  }

  get keys(): readonly AcceptedKey[] | undefined {
    return this.#keys.current;
  }

  record(row: RequestRow): void {
    const { usage } = this.#options;
    const isLimited = this.#keys.limited.has(row.key_id);
    if (isLimited) this.#spending.add(row);
    if (!usage && !isLimited) return;
    if (!usage || !this.#journal.append(row)) this.#enqueue(row);
    if (this.#lookSoon) return;
    const after = Math.max(LOOK_AFTER, this.#lastLook + LOOK_EVERY - performance.now());
    this.#lookSoon = setTimeout(() => this.#look(), after).unref();
  }

  spentBy(keyId: string, period: string): Spent {
    return this.#spending.spentBy(keyId, period);
  }

  onKeys(listener: () => void): void {
    this.#keys.onChange(listener);
  }

  looked(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting) this.#waiting.push(resolve);
      else resolve();
    });
  }

  async ask<Kind extends QuestionKind>(
    kind: Kind,
    about: Questions[Kind]["about"],
  ): Promise<Questions[Kind]["answer"]> {
    if (this.#lookSoon) this.#look();
    return (await this.#thread.ask(kind, about)) as Questions[Kind]["answer"];
  }

  state(): LedgerState {
    return {
      engine: this.#engine,
      queued: this.#queue.length + this.#sent.length,
      spooled: this.#journal.waiting,
      dropped: this.#dropped,
      lastError: this.#trouble,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#lookSoon);
    if (this.#queue.length + this.#journal.waiting > 0) this.#look();
    this.#journal.close();
    await this.#thread.close(CLOSING);
    this.#keys.close();
    const unsaved = [...this.#sent, ...this.#queue].filter((row) => !this.#journal.append(row));
    this.#journal.close();
    const lost = unsaved.length + this.#dropped;
    if (lost > 0) this.#options.log.warn(`usage of ${lost} requests is lost: it could be kept nowhere`);
  }

  #enqueue(row: RequestRow): void {
    if (this.#queue.length + this.#sent.length < MOST_QUEUED) this.#queue.push(row);
    else this.#dropped++;
  }

  #look(): void {
    clearTimeout(this.#lookSoon);
    this.#lookSoon = undefined;
    this.#lastLook = performance.now();
    this.#thread.start();
    const rows = this.#queue;
    if (!this.#thread.say(rows.length > 0 ? { say: "rows", rows } : { say: "look" })) return;
    this.#sent.push(...rows);
    this.#queue = [];
  }

  /** A thread that broke has forgotten what it was sent; the rows in the files are found by the next one. */
  #recover(error: Error): void {
    this.#trouble = error.message;
    this.#options.log.error(`the thread for usage and keys broke, and is started again: ${error.message}`);
    this.#queue.unshift(...this.#sent.splice(0));
    this.#endWaiting();
  }

  #hear(message: FromWorker): void {
    if (message.say === "polled") {
      this.#spending.polled(message.spending, message.seen);
      this.#keys.looked(message.keys);
    } else if (message.say === "looked") this.#endWaiting();
    else if (message.say === "stored") {
      this.#journal.stored(message.spooled);
      this.#sent.splice(0, message.sent);
    } else if (message.say === "engine") this.#engine = message.engine;
    else if (message.say === "trouble") this.#trouble = message.trouble;
    else if (message.say === "warn") this.#options.log.warn(message.message);
  }

  #endWaiting(): void {
    for (const resolve of this.#waiting ?? []) resolve();
    this.#waiting = undefined;
  }
}
