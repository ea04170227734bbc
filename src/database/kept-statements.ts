import type { SqliteDatabase, SqliteStatement } from "kysely";

/** Some more than the transactions have that store requests. */
const MOST = 16;

/**
 * A SQLite that keeps the statements it ran last, those that answer with rows apart: to prepare the insertion of a request
 * takes libsql 0.5 as long as to run it, 12 µs (2026-11). One that failed is let go, for libsql may not end it before it
 * is collected as garbage (see usage/ledger/databases.ts).
 */
export function keepingStatements(database: SqliteDatabase): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  const keep = (sql: string, statement: SqliteStatement): SqliteStatement => {
    const run: SqliteStatement["run"] = (parameters) => {
      try {
        return statement.run(parameters);
      } catch (error) {
        kept.delete(sql);
        throw error;
      }
    };
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size >= MOST) kept.delete(oldest);
    const one = { ...statement, run };
    kept.set(sql, one);
    return one;
  };
  return {
    prepare: (sql) => {
      const known = kept.get(sql);
      if (known) return known;
      const statement = database.prepare(sql);
      return statement.reader ? statement : keep(sql, statement);
    },
    close: () => {
      kept.clear();
      database.close();
    },
  };
}
