/** What keys have used: as the last poll told it, and what this process has finished since. */
import type { RequestRow, SpendingRow } from "../../database/schema.ts";
import type { Spent } from "../../keys/gate.ts";
import { costsOf } from "../../keys/spending-store.ts";

export class PendingSpending {
  #polled = new Map<string, Spent>();
  /** Requests that no poll has told yet, by id. */
  readonly #pending = new Map<string, RequestRow>();
  /** Their sum by key and period: it is asked for before each request. */
  #sums = new Map<string, Spent>();

  /** A request that is over, of a key that has limits. */
  add(row: RequestRow): void {
    this.#pending.set(row.id, row);
    this.#sum([row]);
  }

  /**
   * @param spending replaces what was known; undefined: nothing has changed
   * @param seen the requests of this process that it includes
   */
  polled(spending: readonly SpendingRow[] | undefined, seen: readonly string[]): void {
    if (spending)
      this.#polled = new Map(spending.map((row) => [place(row.key_id, row.period), spentIn(row)]));
    if (seen.length === 0) return;
    for (const id of seen) this.#pending.delete(id);
    this.#sums = new Map();
    this.#sum([...this.#pending.values()]);
  }

  /** @param period as in `SpendingRow` */
  spentBy(keyId: string, period: string): Spent {
    const at = place(keyId, period);
    return plus(this.#polled.get(at), this.#sums.get(at));
  }

  #sum(rows: readonly RequestRow[]): void {
    for (const cost of costsOf(rows)) {
      const at = place(cost.key_id, cost.period);
      this.#sums.set(at, plus(this.#sums.get(at), spentIn(cost)));
    }
  }
}

const NOTHING: Spent = { requests: 0, tokens: 0, capacityUnits: 0 };

function plus(one = NOTHING, other = NOTHING): Spent {
  return {
    requests: one.requests + other.requests,
    tokens: one.tokens + other.tokens,
    capacityUnits: one.capacityUnits + other.capacityUnits,
  };
}

function place(keyId: string, period: string): string {
  return `${keyId} ${period}`;
}

function spentIn({ requests, tokens, capacity_units }: SpendingRow): Spent {
  return { requests, tokens, capacityUnits: capacity_units };
}
