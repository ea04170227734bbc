import type { Kysely } from "kysely";
import type { Database } from "../database/open.ts";
import type { RequestRow, Tables } from "../database/schema.ts";

/** Rows in one statement: its parameters stay below Postgres' limit (65,535). */
const ROWS_PER_STATEMENT = 500;

/**
 * Inserts rows in a transaction, one whose id is there already not again.
 * @returns those that were new.
 */
export async function insertRows(
  { runEach }: Database,
  transaction: Kysely<Tables>,
  rows: readonly RequestRow[],
): Promise<RequestRow[]> {
  const [first] = rows;
  if (!first) return [];
  if (!runEach) return await manyAtOnce(transaction, rows);
  const { sql } = insertion(transaction, [first]).compile();
  const columns = Object.keys(first) as (keyof RequestRow)[];
  return runEach(sql, rows, (row) => columns.map((column) => row[column]));
}

async function manyAtOnce(transaction: Kysely<Tables>, rows: readonly RequestRow[]): Promise<RequestRow[]> {
  const added = new Set<string>();
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const some = rows.slice(start, start + ROWS_PER_STATEMENT);
    const inserted = await insertion(transaction, some).returning("id").execute();
    for (const { id } of inserted) added.add(id);
  }
  // Of rows with the same id the first was inserted.
  return rows.filter(({ id }) => added.delete(id));
}

function insertion(transaction: Kysely<Tables>, rows: readonly RequestRow[]) {
  return transaction
    .insertInto("aicore_requests")
    .values(rows)
    .onConflict((conflict) => conflict.column("id").doNothing());
}
