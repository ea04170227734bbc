import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { spendingStore } from "../../src/keys/spending-store.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { startScript } from "../support/child.ts";
import { onEveryEngine, requestRow } from "../support/databases.ts";

const BATCH = 20;
/** Appends batches as fast as it can, and says each id that was acknowledged. */
const APPEND = `
  const { openDatabase } = await import(BUILD + "database/open.js");
  const { usageStore } = await import(BUILD + "usage/usage-store.js");
  const { where, row, batch } = argument;
  const store = usageStore(await openDatabase(where.requests, "requests", { beside: where.keys }));
  for (let made = 0; ; made += batch) {
    const rows = Array.from({ length: batch }, (_, i) => ({ ...row, id: process.pid + "-" + (made + i) }));
    process.stdout.write((await store.append(rows)).join("\\n") + "\\n");
  }`;

onEveryEngine("kill -9 while rows are appended", (_open, place) => {
  test("what was acknowledged is there, and each row counts once", { timeout: 60_000 }, async () => {
    const where = await place();
    const acknowledged: string[] = [];
    for (const after of [BATCH, 7 * BATCH, 15 * BATCH]) {
      const child = startScript(APPEND, { where, row: requestRow(), batch: BATCH });
      const ended = once(child, "exit");
      let told = 0;
      for await (const id of createInterface({ input: child.stdout ?? process.stdin })) {
        acknowledged.push(id);
        told += 1;
        if (told === after) child.kill("SIGKILL");
      }
      await ended;
    }

    const database = await openDatabase(where.requests, "requests", { beside: where.keys });
    const rows = await usageStore(database).recent({ limit: 1_000_000 });
    const ids = new Set(rows.map(({ id }) => id));
    // The last line may have been cut in the middle of an id.
    expect(acknowledged.slice(0, -1).filter((id) => !ids.has(id))).toEqual([]);
    expect(rows.length % BATCH).toBe(0);

    const [spent] = await spendingStore(database).read(["key_ci"], ["all"]);
    // Two files in WAL mode commit one after the other: a kill between the two may leave one batch apart.
    expect(Math.abs((spent?.requests ?? 0) - rows.length)).toBeLessThanOrEqual(3 * BATCH);
    await database.close();
  });
});
