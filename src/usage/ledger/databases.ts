/** The worker's databases: opened when they are first needed, and again after an error that a new look may cure. */
import type { Where } from "../../config/database.ts";
import { type Database, openDatabase } from "../../database/open.ts";
import { AicoreError } from "../../errors.ts";
import { callNative, type SharedCalls } from "./native-calls.ts";

export interface DatabasesOptions {
  where: { keys: Where; requests: Where };
  /** Of the embedded ones. */
  calls: SharedCalls;
  warn: (message: string) => void;
  onOpen: (database: Database) => void;
}

/**
 * Milliseconds that a file may be locked: what waits in the spool loses nothing, and while the thread waits it looks at no
 * keys. It is also what the end of the process may have to wait for.
 */
const PATIENCE = 500;

type Which = "keys" | "requests";

/**
 * Whether a database is to be opened anew: always, but for a Postgres that is away, whose pool finds back by itself. In
 * libsql 0.5.29 a statement that was refused, by a lock too, stays in progress until the next garbage collection, and no
 * transaction of its connection can be committed before (2026-11).
 */
function isBroken(error: unknown): boolean {
  if (!(error instanceof AicoreError) || !error.code.startsWith("database_")) return false;
  return error.code !== "database_unreachable";
}

export class Databases {
  readonly #options: DatabasesOptions;
  readonly #open = new Map<Which, Promise<Database>>();

  constructor(options: DatabasesOptions) {
    this.#options = options;
  }

  /**
   * Runs a piece of work on the database of keys and spending, or on that of requests, whose transactions raise spending
   * too. They are one where it is a Postgres.
   * @throws as `openDatabase` and the work do
   */
  async use<T>(which: Which, work: (database: Database) => Promise<T>): Promise<T> {
    const { where, calls } = this.#options;
    if ("url" in where[which]) return await this.#use("requests", work);
    const done = await callNative(calls, async () => ({ result: await this.#use(which, work) }));
    if (done) return done.result;
    throw new AicoreError("database_closed", "The database is closed: the program ends.");
  }

  async close(): Promise<void> {
    await callNative(this.#options.calls, () => Promise.all([this.#close("keys"), this.#close("requests")]));
  }

  async #use<T>(place: Which, work: (database: Database) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#opened(place));
    } catch (error) {
      if (isBroken(error)) await this.#close(place);
      throw error;
    }
  }

  #opened(which: Which): Promise<Database> {
    const known = this.#open.get(which);
    if (known) return known;
    const opening = this.#openNow(which);
    this.#open.set(which, opening);
    opening.then(this.#options.onOpen, () => this.#open.delete(which));
    return opening;
  }

  #openNow(which: Which): Promise<Database> {
    const { where, warn } = this.#options;
    if ("url" in where[which]) return openDatabase(where[which], "all");
    const beside = which === "requests" ? where.keys : undefined;
    return openDatabase(where[which], which, { warn, beside, patience: PATIENCE });
  }

  async #close(which: Which): Promise<void> {
    const open = this.#open.get(which);
    this.#open.delete(which);
    await open?.then((database) => database.close()).catch(() => {});
  }
}
