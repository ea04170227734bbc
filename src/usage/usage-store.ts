import type { ExpressionBuilder, Kysely } from "kysely";
import type { Database } from "../database/open.ts";
import type { RequestRow, Tables } from "../database/schema.ts";
import { raiseSpending } from "../keys/spending-store.ts";
import { insertRows } from "./insert-rows.ts";
import type { RecentQuery, UsageFigures, UsageFilter, UsageGroup, UsageQuery } from "./usage-query.ts";

/** Every request, one row each. */
export interface UsageStore {
  /**
   * Writes rows and raises what their keys have spent, in one transaction. A row whose id is there already changes
   * nothing.
   * @returns the ids that were new.
   */
  append(rows: readonly RequestRow[]): Promise<string[]>;
  /** Sums by group, in the order of the groups' names. Empty when nothing matches. */
  figures(query: UsageQuery): Promise<UsageFigures[]>;
  /** Newest first, those that reached no upstream too. */
  recent(query: RecentQuery): Promise<RequestRow[]>;
  /** Deletes the rows from before a time, in milliseconds. @returns how many. */
  prune(before: number): Promise<number>;
}

/** Rows deleted at once, so that no writer waits long. */
const ROWS_PER_PRUNING = 5_000;

const COLUMNS = {
  model: "model",
  key: "key_name",
  profile: "profile",
  tool: "tool",
  day: "day",
  session: "session",
} as const satisfies Record<UsageGroup, keyof RequestRow>;

/** @param database of requests, opened `beside` the keys. */
export function usageStore(database: Database): UsageStore {
  const { kysely } = database;
  return {
    append: (rows) =>
      kysely.transaction().execute(async (transaction) => {
        const added = await insertRows(database, transaction, rows);
        await raiseSpending(transaction, added);
        return added.map(({ id }) => id);
      }),
    figures: (query) => figures(kysely, query),
    recent: ({ limit, ...filter }) =>
      kysely
        .selectFrom("aicore_requests")
        .selectAll()
        .where((where) => matching(where, filter))
        .orderBy("at", "desc")
        .orderBy("id")
        .limit(limit)
        .execute(),
    prune: async (before) => {
      let pruned = 0;
      for (;;) {
        const some = await pruneSome(kysely, before);
        pruned += some;
        if (some < ROWS_PER_PRUNING) return pruned;
      }
    },
  };
}

async function figures(kysely: Kysely<Tables>, { by, ...filter }: UsageQuery): Promise<UsageFigures[]> {
  const columns = by.map((group) => COLUMNS[group]);
  const sums = await kysely
    .selectFrom("aicore_requests")
    .where((where) => matching(where, filter))
    .where("attempts", ">", 0)
    .$if(columns.length > 0, (grouped) => grouped.groupBy(columns))
    .select(columns)
    .select(({ fn, eb }) => [
      fn.countAll<number>().as("requests"),
      fn.sum<number>("input_tokens").as("input"),
      fn.sum<number>("cache_read_tokens").as("cacheRead"),
      fn.sum<number>("cache_write_5m_tokens").as("cacheWrite5m"),
      fn.sum<number>("cache_write_1h_tokens").as("cacheWrite1h"),
      fn.sum<number>("output_tokens").as("output"),
      fn.sum<number>("reasoning_tokens").as("reasoning"),
      fn.sum<number | null>("capacity_units").as("capacityUnits"),
      fn.count<number>("capacity_units").as("priced"),
      fn.sum<number>(eb.case().when("usage_source", "=", "reported").then(0).else(1).end()).as("estimated"),
    ])
    .execute();
  return sums
    .filter(({ requests }) => requests > 0)
    .map((sum) => ({
      group: Object.fromEntries(by.flatMap((group) => namedOf(group, sum[COLUMNS[group]]))),
      requests: sum.requests,
      inputTokens: sum.input,
      cacheReadTokens: sum.cacheRead,
      cacheWriteTokens: sum.cacheWrite5m + sum.cacheWrite1h,
      cacheWrite1hTokens: sum.cacheWrite1h,
      outputTokens: sum.output,
      reasoningTokens: sum.reasoning,
      capacityUnits: sum.capacityUnits ?? undefined,
      unpriced: sum.requests - sum.priced,
      estimated: sum.estimated,
    }))
    .sort((a, b) => compareGroups(by, a.group, b.group));
}

function namedOf(group: UsageGroup, name: string | null | undefined): [UsageGroup, string][] {
  return name === null || name === undefined ? [] : [[group, name]];
}

/** Here rather than in SQL, for engines differ in the order of names and of what is missing. */
function compareGroups(
  by: readonly UsageGroup[],
  a: UsageFigures["group"],
  b: UsageFigures["group"],
): number {
  for (const group of by) {
    const [left = "", right = ""] = [a[group], b[group]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function matching(where: ExpressionBuilder<Tables, "aicore_requests">, filter: UsageFilter) {
  const { since, until, key, model } = filter;
  const conditions = [];
  if (since !== undefined) conditions.push(where("at", ">=", since));
  if (until !== undefined) conditions.push(where("at", "<", until));
  if (key !== undefined) conditions.push(where.or([where("key_name", "=", key), where("key_id", "=", key)]));
  if (model !== undefined)
    conditions.push(where.or([where("model", "=", model), where("requested", "=", model)]));
  for (const column of ["profile", "tool", "session"] as const) {
    const wanted = filter[column];
    if (wanted !== undefined) conditions.push(where(column, "=", wanted));
  }
  return where.and(conditions);
}

async function pruneSome(kysely: Kysely<Tables>, before: number): Promise<number> {
  const { numDeletedRows } = await kysely
    .deleteFrom("aicore_requests")
    .where("id", "in", (from) =>
      from.selectFrom("aicore_requests").select("id").where("at", "<", before).limit(ROWS_PER_PRUNING),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
