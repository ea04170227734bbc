import type { SqliteDatabase } from "kysely";
import { expect, test } from "vitest";
import { keepingStatements } from "../../src/database/kept-statements.ts";

/** A database that tells what it had to prepare, and fails where it is asked to. */
function counting(): { database: SqliteDatabase; prepared: string[] } {
  const prepared: string[] = [];
  const prepare: SqliteDatabase["prepare"] = (sql) => {
    prepared.push(sql);
    return {
      reader: sql.startsWith("select"),
      all: () => [],
      run: ([fails]) => {
        if (fails) throw new Error("refused");
        return { changes: 1, lastInsertRowid: 1 };
      },
      iterate: () => [][Symbol.iterator](),
    };
  };
  return { database: keepingStatements({ prepare, close: () => undefined }), prepared };
}

test("a statement is prepared once, one that answers with rows each time", () => {
  const { database, prepared } = counting();
  for (const sql of ["begin", "insert", "begin", "insert", "select", "select"]) database.prepare(sql).run([]);
  expect(prepared).toEqual(["begin", "insert", "select", "select"]);
});

test("one that failed is let go, and so are all at the end", () => {
  const { database, prepared } = counting();
  expect(() => database.prepare("insert").run([true])).toThrow("refused");
  database.prepare("insert").run([]);
  expect(prepared).toEqual(["insert", "insert"]);
  database.close();
  database.prepare("insert").run([]);
  expect(prepared).toHaveLength(3);
});

test("of many the oldest go", () => {
  const { database, prepared } = counting();
  const many = Array.from({ length: 100 }, (_, at) => `insert ${at}`);
  for (const sql of [...many, ...many.slice(90)]) database.prepare(sql);
  expect(prepared).toEqual(many);
  database.prepare("insert 0");
  expect(prepared).toHaveLength(101);
});
