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

const MINUTE = 60_000;
/** What was asked for last: most requests are of its minute, and a date in words costs a microsecond (2026-11). */
let last = { minute: 0, periods: periodsIn(0) };

/** @param at milliseconds since 1970. */
export function periodsOf(at: number): Periods {
  const minute = minuteOf(at);
  if (minute !== last.minute) last = { minute, periods: periodsIn(minute) };
  return last.periods;
}

function periodsIn(minute: number): Periods {
  const iso = new Date(minute * MINUTE).toISOString();
  return { minute: iso.slice(0, 16), day: iso.slice(0, 10), month: iso.slice(0, 7), all: "all" };
}

/** Minutes since 1970. */
function minuteOf(at: number): number {
  return Math.floor(at / MINUTE);
}

/** The tokens of a request that limits count: all of its input, from caches too, and its output. */
export function tokensOf(row: RequestRow): number {
  const written = row.cache_write_5m_tokens + row.cache_write_1h_tokens;
  return row.input_tokens + row.cache_read_tokens + written + row.output_tokens;
}

/**
 * What requests add to what their keys have spent, by key and period; nothing, where they reached no upstream. A request
 * is one of the minute in which it arrived, and its tokens are of the one in which it ended: in the minute before nobody
 * knew of them, and a limit of tokens a minute would hold nobody whose requests take longer.
 */
export function costsOf(rows: readonly RequestRow[]): SpendingRow[] {
  const costs = new Map<string, SpendingRow>();
  const add = (period: string, { key_id }: Sum, requests: number, tokens: number, capacity_units: number) => {
    const name = `${key_id} ${period}`;
    const cost = costs.get(name) ?? { key_id, period, requests: 0, tokens: 0, capacity_units: 0 };
    cost.requests += requests;
    cost.tokens += tokens;
    cost.capacity_units += capacity_units;
    costs.set(name, cost);
  };
  for (const sum of sumsByMinute(rows)) {
    const { requests, tokens, capacity_units } = sum;
    const { minute, day, month, all } = periodsOf(sum.arrived * MINUTE);
    add(minute, sum, requests, 0, 0);
    add(periodsOf(sum.ended * MINUTE).minute, sum, 0, tokens, capacity_units);
    for (const period of [day, month, all]) add(period, sum, requests, tokens, capacity_units);
  }
  return [...costs.values()];
}

/** Requests of one key that arrived in one minute and ended in one. */
interface Sum extends Omit<SpendingRow, "period"> {
  /** Minutes since 1970. */
  arrived: number;
  ended: number;
}

/** What lies close together is added up first: with periods for each row it was 11 µs of them, now it is one (2026-11). */
function sumsByMinute(rows: readonly RequestRow[]): Iterable<Sum> {
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    if (row.attempts === 0) continue;
    const { key_id } = row;
    const [arrived, ended] = [minuteOf(row.at), minuteOf(row.at + row.took)];
    const name = `${key_id} ${arrived} ${ended}`;
    const sum = sums.get(name) ?? { key_id, arrived, ended, requests: 0, tokens: 0, capacity_units: 0 };
    sum.requests += 1;
    sum.tokens += tokensOf(row);
    sum.capacity_units += row.capacity_units ?? 0;
    sums.set(name, sum);
  }
  return sums.values();
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
  const spent = costsOf(rows).sort(inOrder);
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

/** So two replicas lock the same rows in the same order, and never wait for each other. */
function inOrder(a: SpendingRow, b: SpendingRow): number {
  if (a.key_id !== b.key_id) return a.key_id < b.key_id ? -1 : 1;
  return a.period < b.period ? -1 : 1;
}
