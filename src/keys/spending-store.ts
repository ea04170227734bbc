import type { Kysely } from "kysely";
import type { Database } from "../database/open.ts";
import type { RequestRow, SpendingRow, Tables } from "../database/schema.ts";

/** What keys have used, by minute, day, month and in all. `raiseSpending` fills it. */
export interface SpendingStore {
  /** Rows of these keys in these periods; what was never used has none. */
  read(keyIds: readonly string[], periods: readonly string[]): Promise<SpendingRow[]>;
  /** Forgets the minutes before a time, in milliseconds. @returns how many rows it forgot. */
  prune(before: number): Promise<number>;
}

/** The periods of UTC that a time lies in, as the table names them. */
export interface Periods {
  minute: string;
  day: string;
  month: string;
  all: "all";
}

/** @param at milliseconds since 1970. */
export function periodsOf(at: number): Periods {
  const iso = new Date(at).toISOString();
  return { minute: iso.slice(0, 16), day: iso.slice(0, 10), month: iso.slice(0, 7), all: "all" };
}

/** The tokens of a request that limits count: all of its input, from caches too, and its output. */
export function tokensOf(row: RequestRow): number {
  const written = row.cache_write_5m_tokens + row.cache_write_1h_tokens;
  return row.input_tokens + row.cache_read_tokens + written + row.output_tokens;
}

/**
 * What a request adds to what its key has spent, period by period; nothing, when it reached no upstream. It is a request
 * of the minute in which it arrived, and its tokens are of the one in which it ended: in the minute before nobody knew
 * of them, and a limit of tokens a minute would hold nobody whose requests take longer.
 */
export function costsOf(row: RequestRow): SpendingRow[] {
  if (row.attempts === 0) return [];
  const [arrived, ended] = [periodsOf(row.at), periodsOf(row.at + row.took).minute];
  const request = { key_id: row.key_id, requests: 1, tokens: 0, capacity_units: 0 };
  const spent = { ...request, tokens: tokensOf(row), capacity_units: row.capacity_units ?? 0 };
  const { minute, day, month, all } = arrived;
  const costs = [day, month, all].map((period) => ({ ...spent, period }));
  if (minute === ended) return [{ ...spent, period: minute }, ...costs];
  return [{ ...request, period: minute }, { ...spent, requests: 0, period: ended }, ...costs];
}

export function spendingStore({ kysely }: Database): SpendingStore {
  return {
    read: async (keyIds, periods) => {
      if (!keyIds.length || !periods.length) return [];
      return await kysely
        .selectFrom("aicore_spending")
        .selectAll()
        .where("key_id", "in", keyIds)
        .where("period", "in", periods)
        .execute();
    },
    prune: async (before) => {
      const { minute } = periodsOf(before);
      const { numDeletedRows } = await kysely
        .deleteFrom("aicore_spending")
        .where("period", "like", "____-__-__T__:__")
        .where("period", "<", minute)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

/**
 * Adds requests to what their keys have spent. Belongs in the transaction that inserts them, with those rows only that
 * were new: so a row that is sent twice counts once.
 */
export async function raiseSpending(transaction: Kysely<Tables>, rows: readonly RequestRow[]): Promise<void> {
  const spent = sumByPeriod(rows.flatMap(costsOf));
  if (!spent.length) return;
  await transaction
    .insertInto("aicore_spending")
    .values(spent)
    .onConflict((conflict) =>
      conflict.columns(["key_id", "period"]).doUpdateSet((set) => ({
        requests: set("aicore_spending.requests", "+", set.ref("excluded.requests")),
        tokens: set("aicore_spending.tokens", "+", set.ref("excluded.tokens")),
        capacity_units: set("aicore_spending.capacity_units", "+", set.ref("excluded.capacity_units")),
      })),
    )
    .execute();
}

/** Sorted, so that two replicas lock the same rows in the same order and never wait for each other. */
function sumByPeriod(costs: readonly SpendingRow[]): SpendingRow[] {
  const sums = new Map<string, SpendingRow>();
  for (const cost of costs) {
    const name = `${cost.key_id} ${cost.period}`;
    const sum = sums.get(name);
    if (sum) {
      sum.requests += cost.requests;
      sum.tokens += cost.tokens;
      sum.capacity_units += cost.capacity_units;
    } else sums.set(name, { ...cost });
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
