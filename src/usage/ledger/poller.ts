/** Looks at keys and their spending every half second, so that no request has to. */
import type { Database } from "../../database/open.ts";
import type { KeyRow, SpendingRow } from "../../database/schema.ts";
import { storedKey } from "../../keys/accepted.ts";
import type { AcceptedKey } from "../../keys/api-key.ts";
import { isCounted } from "../../keys/gate.ts";
import { keyStore } from "../../keys/key-store.ts";
import { periodsOf, spendingStore } from "../../keys/spending-store.ts";

export interface Poll {
  /** Those that may be used; undefined: the same as the last time. */
  keys?: AcceptedKey[];
  /** Of the keys that have limits, in the periods of now; undefined: the same as the last time. */
  spending?: SpendingRow[];
}

/** What changed since the last look, again and again. */
export class Poller {
  #keys = "";
  #spending = "";
  readonly #warn: (message: string) => void;
  /** The ids of keys that were warned of. */
  readonly #told = new Set<string>();
  /** The ids of the keys that have limits. */
  limited: ReadonlySet<string> = new Set();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  async poll(database: Database, now = Date.now()): Promise<Poll> {
    const rows = await keyStore(database).list();
    const keys = rows
      .filter(({ revoked_at, expires_at }) => revoked_at === null && (expires_at ?? now + 1) > now)
      .flatMap((row) => this.#accepted(row));
    const limited = keys.filter(({ limits }) => isCounted(limits)).map(({ id }) => id);
    const spending = await spendingStore(database).read(limited, Object.values(periodsOf(now)));
    this.limited = new Set(limited);
    const [wereKeys, wereSpent] = [this.#keys, this.#spending];
    this.#keys = JSON.stringify(keys);
    this.#spending = JSON.stringify(spending);
    return {
      ...(this.#keys !== wereKeys && { keys }),
      ...(this.#spending !== wereSpent && { spending }),
    };
  }

  /** None for a key whose limits cannot be read: without them it must not be used, and the others can. */
  #accepted(row: KeyRow): AcceptedKey[] {
    try {
      return [storedKey(row)];
    } catch {
      if (!this.#told.has(row.id)) this.#warn(`key ${row.name} cannot be used: its limits cannot be read`);
      this.#told.add(row.id);
      return [];
    }
  }
}
