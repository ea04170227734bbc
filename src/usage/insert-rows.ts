import { CompiledQuery, type Kysely } from "kysely";
import type { Database } from "../database/open.ts";
import type { RequestRow, Tables } from "../database/schema.ts";

/** Inserts rows, one whose id is there already not again. @returns those that were new. */
export type InsertRows = (transaction: Kysely<Tables>, rows: readonly RequestRow[]) => Promise<RequestRow[]>;

/**
 * An embedded database takes rows one by one, with a statement that it keeps: 15 µs each in libsql 0.5, where a statement
 * of 500 rows takes 50, for its 13,000 parameters are written down and prepared anew each time (2026-11). Postgres is far
 * away, and takes as many as it can at once.
 */
export const insertRows: Readonly<Record<Database["kind"], InsertRows>> = {
  sqlite: oneByOne,
  postgres: manyAtOnce,
};

/** Rows in one statement: its parameters stay below Postgres' limit (65,535). */
const ROWS_PER_STATEMENT = 500;

async function oneByOne(transaction: Kysely<Tables>, rows: readonly RequestRow[]): Promise<RequestRow[]> {
  const [first] = rows;
  if (!first) return [];
  const { sql } = insertion(transaction, [first]).compile();
  const columns = Object.keys(first) as (keyof RequestRow)[];
  const added: RequestRow[] = [];
  for (const row of rows) {
    const values = columns.map((column) => row[column]);
    const { numAffectedRows } = await transaction.executeQuery(CompiledQuery.raw(sql, values));
    if (numAffectedRows) added.push(row);
  }
  return added;
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
