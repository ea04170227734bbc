import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { spendingStore } from "../../src/keys/spending-store.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { runScript } from "../support/child.ts";
import { onEveryEngine, requestRow } from "../support/databases.ts";

const PROCESSES = 3;
const BATCHES = 40;
const ROWS = 25;

/** Appends batches for two keys, and looks at keys and figures between them, as proxies and commands do. */
const WORK = `
  const { openDatabase } = await import(BUILD + "database/open.js");
  const { usageStore } = await import(BUILD + "usage/usage-store.js");
  const { keyStore } = await import(BUILD + "keys/key-store.js");
  const { where, row, batches, size } = argument;
  const database = await openDatabase(where.requests, "requests", { beside: where.keys });
  const store = usageStore(database);
  for (let batch = 0; batch < batches; batch++) {
    const id = (i) => process.pid + "-" + batch + "-" + i;
    const rows = Array.from({ length: size }, (_, i) => ({ ...row, id: id(i), key_id: i % 2 ? "key_a" : "key_b" }));
    const added = await store.append(batch % 2 ? rows : rows.toReversed());
    if (added.length !== size) throw new Error("only " + added.length + " were new");
    await keyStore(database).list();
    await store.recent({ limit: 1 });
  }
  await database.close();`;

onEveryEngine("processes that write at the same time", (_open, place) => {
  test("wait for each other and lose nothing", { timeout: 120_000 }, async () => {
    const where = await place();
    const argument = { where, row: requestRow(), batches: BATCHES, size: ROWS };
    const ended = await Promise.all(Array.from({ length: PROCESSES }, () => runScript(WORK, argument)));
    expect(ended.map(({ code, stderr }) => [code, stderr])).toEqual(Array(PROCESSES).fill([0, ""]));

    const database = await openDatabase(where.requests, "requests", { beside: where.keys });
    const all = PROCESSES * BATCHES * ROWS;
    expect(await usageStore(database).figures({ by: [] })).toMatchObject([{ requests: all }]);
    const spent = await spendingStore(database).read(["key_a", "key_b"], ["all"]);
    expect(spent.map(({ key_id, requests }) => [key_id, requests]).sort()).toEqual([
      ["key_a", PROCESSES * BATCHES * Math.floor(ROWS / 2)],
      ["key_b", PROCESSES * BATCHES * Math.ceil(ROWS / 2)],
    ]);
    await database.close();
  });
});
