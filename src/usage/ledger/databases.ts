/** The worker's databases: opened when they are first needed, and again after an error that a new look may cure. */
import type { Where } from "../../config/database.ts";
import { type Database, openDatabase } from "../../database/open.ts";
import { AicoreError } from "../../errors.ts";

export interface DatabasesOptions {
  where: { keys: Where; requests: Where };
  warn: (message: string) => void;
  onOpen: (database: Database) => void;
}

type Which = "keys" | "requests";

/** Errors after which a database goes on to be of use as it is open. */
const PASSING = new Set(["database_locked", "database_full", "database_unreachable"]);

export class Databases {
  readonly #options: DatabasesOptions;
  readonly #open = new Map<Which, Promise<Database>>();
  /** The last piece of work. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: DatabasesOptions) {
    this.#options = options;
  }

  /**
   * Runs a piece of work on the database of keys and spending, or on that of requests, whose transactions raise spending
   * too. They are one where it is a Postgres. Files are used by one piece of work at a time: the second would wait for the
   * locks of the first, and keep the thread that the first needs to go on.
   * @throws as `openDatabase` and the work do
   */
  use<T>(which: Which, work: (database: Database) => Promise<T>): Promise<T> {
    if ("url" in this.#options.where[which]) return this.#useNow("requests", work);
    const done = this.#turn.then(() => this.#useNow(which, work));
    this.#turn = done.catch(() => {});
    return done;
  }

  async close(): Promise<void> {
    await Promise.all([this.#close("keys"), this.#close("requests")]);
  }

  async #useNow<T>(place: Which, work: (database: Database) => Promise<T>): Promise<T> {
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
    return openDatabase(where[which], which, which === "keys" ? { warn } : { warn, beside: where.keys });
  }

  async #close(which: Which): Promise<void> {
    const open = this.#open.get(which);
    this.#open.delete(which);
    await open?.then((database) => database.close()).catch(() => {});
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof AicoreError && error.code.startsWith("database_") && !PASSING.has(error.code);
}
