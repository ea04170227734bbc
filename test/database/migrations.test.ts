import { sql } from "kysely";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { keyStore } from "../../src/keys/key-store.ts";
import { runScript } from "../support/child.ts";
import { keyRow, onEveryEngine } from "../support/databases.ts";

const OPEN_AND_WRITE = `
  const { openDatabase } = await import(BUILD + "database/open.js");
  const { keyStore } = await import(BUILD + "keys/key-store.js");
  const { usageStore } = await import(BUILD + "usage/usage-store.js");
  const database = await openDatabase(argument.where.requests, "requests", { beside: argument.where.keys });
  await keyStore(database).create(argument.key);
  await usageStore(database).recent({ limit: 1 });
  await database.close();`;

onEveryEngine("migrations", (open) => {
  test("a second opening finds everything done", async () => {
    const { where, keys, requests } = await open();
    await keyStore(keys).create(keyRow({ name: "ci" }));
    const again = await openDatabase(where.requests, "requests", { beside: where.keys });
    expect(await keyStore(again).list()).toMatchObject([{ name: "ci" }]);
    await again.close();
    const versions = await sql<{ id: number }>`select id from aicore_migrations order by id`.execute(
      requests.kysely,
    );
    const expected = requests.kind === "sqlite" ? [3] : [1, 2, 3];
    expect(versions.rows.map(({ id }) => id)).toEqual(expected);
  });

  test("tables of a newer aicore are refused, and stay as they are", async () => {
    const { where, keys } = await open();
    await sql`insert into aicore_migrations (id, applied_at) values (999, 1)`.execute(keys.kysely);
    await expect(openDatabase(where.keys, "keys")).rejects.toMatchObject({
      code: "database_newer",
      exitCode: 3,
      message: "The database was made by a newer aicore: it has version 999 of the tables, this one knows 3.",
      hint: expect.stringContaining("Update aicore"),
    });
  });
});

onEveryEngine("the first start", (_open, place) => {
  test("processes that begin at the same time all find their tables", { timeout: 60_000 }, async () => {
    const where = await place();
    const ended = await Promise.all(
      Array.from({ length: 6 }, () => runScript(OPEN_AND_WRITE, { where, key: keyRow() })),
    );
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(Array(6).fill([0, ""]));
    const database = await openDatabase(where.keys, "keys");
    expect(await keyStore(database).list()).toHaveLength(6);
    await database.close();
  });
});
