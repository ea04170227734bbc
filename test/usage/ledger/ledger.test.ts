import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keyStore } from "../../../src/keys/key-store.ts";
import { storedLimits } from "../../../src/keys/limits.ts";
import { filesIn, keyRow, onEveryEngine, temporaryFolder } from "../../support/databases.ts";
import { idsOf, open, rowsWaitingIn, SOON, someRows, spoolIn, stored, untilStored } from "./open.ts";

onEveryEngine("ledger", (openDatabases) => {
  test("rows are in the table, each once", async () => {
    const { where } = await openDatabases();
    const opened = open({ where });
    const rows = someRows(1_234);
    for (const row of rows) opened.ledger.record(row);
    expect(opened.ledger.state()).toMatchObject({ queued: 0, spooled: 1_234 });
    await untilStored(opened);
    expect(idsOf(await stored(opened.options))).toEqual(idsOf(rows));
    await opened.ledger.close();
    expect(spoolIn(opened.options.folder)).toEqual([]);
  });

  test("what came a moment before the end is stored, or waits for the next one, and nothing is said", async () => {
    const { where } = await openDatabases();
    const { ledger, options, logged } = open({ where });
    const rows = someRows(50);
    for (const row of rows) ledger.record(row);
    await ledger.close();
    const kept = [...(await stored(options)), ...rowsWaitingIn(options.folder)];
    expect(new Set(idsOf(kept))).toEqual(new Set(idsOf(rows)));
    expect(logged).toEqual([]);
  });

  test("keys and what they spent are known without asking, changes by others too", async () => {
    const { where, keys } = await openDatabases();
    const limits = storedLimits({ tokensPerDay: 1_000 });
    const key = keyRow({ limits });
    await keyStore(keys).create(key);
    await keyStore(keys).create(keyRow({ expires_at: Date.now() - 1 }));
    const one = open({ where, keys: true });
    const other = open({ where, keys: true });
    await Promise.all([one.ledger.looked(), other.ledger.looked()]);
    expect(one.ledger.keys).toMatchObject([{ id: key.id, limits: { tokensPerDay: 1_000 } }]);

    const day = new Date().toISOString().slice(0, 10);
    const spent = (tokens: number, requests: number) => ({
      tokens,
      requests,
      capacityUnits: requests * 0.25,
    });
    for (const row of someRows(2, { key_id: key.id })) one.ledger.record(row);
    for (const row of someRows(1, { key_id: key.id, attempts: 0 })) one.ledger.record(row);
    expect(one.ledger.spentBy(key.id, day)).toEqual(spent(62, 2));
    for (const row of someRows(1, { key_id: key.id })) other.ledger.record(row);
    await expect.poll(() => one.ledger.spentBy(key.id, day), SOON).toEqual(spent(93, 3));
    await expect.poll(() => other.ledger.spentBy(key.id, "all"), SOON).toEqual(spent(93, 3));
    await untilStored(one);
    await expect.poll(() => one.ledger.spentBy(key.id, day), SOON).toEqual(spent(93, 3));
    expect(one.ledger.spentBy(key.id, "2020-01-01")).toEqual(spent(0, 0));

    const changed = new Promise<void>((resolve) => one.ledger.onKeys(resolve));
    await keyStore(keys).revoke(key.name, Date.now());
    await changed;
    expect(one.ledger.keys).toEqual([]);
  });

  test("the admin's questions are answered by the thread", async () => {
    const { where } = await openDatabases();
    const { ledger } = open({ where, keys: true });
    const key = keyRow();
    await ledger.ask("createKey", key);
    expect(ledger.keys).toMatchObject([{ id: key.id }]);
    await expect(ledger.ask("createKey", { ...keyRow(), name: key.name })).rejects.toMatchObject({
      code: "key_name_taken",
      message: expect.stringContaining(key.name),
      hint: expect.any(String),
    });
    const rows = someRows(2, { key_id: key.id, key_name: key.name });
    for (const row of rows) ledger.record(row);
    await expect
      .poll(() => ledger.ask("figures", { by: ["key"] }), SOON)
      .toMatchObject([{ group: { key: key.name }, requests: 2 }]);
    expect(idsOf(await ledger.ask("recent", { limit: 5 }))).toEqual(idsOf(rows));
    const [known] = await ledger.ask("keys", undefined);
    expect(known?.row).toEqual(key);
    expect(known?.spent.map(({ requests }) => requests)).toEqual([2, 2, 2]);
    expect(await ledger.ask("revokeKey", { idOrName: key.id, at: 5 })).toEqual({ ...key, revoked_at: 5 });
    expect(ledger.keys).toEqual([]);
  });

  test("without usage only limits are counted", async () => {
    const { where, keys } = await openDatabases();
    const key = keyRow({ limits: storedLimits({ budget: 1 }) });
    await keyStore(keys).create(key);
    const opened = open({ where, keys: true, usage: false });
    await opened.ledger.looked();
    for (const row of [...someRows(3, { key_id: key.id }), ...someRows(2)]) opened.ledger.record(row);
    expect(opened.ledger.spentBy(key.id, "all").capacityUnits).toBe(0.75);
    await untilStored(opened);
    const [known] = await opened.ledger.ask("keys", undefined);
    expect(known?.spent.map(({ requests }) => requests)).toEqual([3, 3, 3]);
    await expect.poll(() => opened.ledger.spentBy(key.id, "all").capacityUnits, SOON).toBe(0.75);
    expect(await stored(opened.options)).toEqual([]);
  });

  test("what is older than the retention goes", async () => {
    const { where } = await openDatabases();
    const opened = open({ where, retentionDays: 10, pruneAfter: 0 });
    const old = someRows(3, { at: Date.now() - 11 * 86_400_000 });
    const kept = someRows(2, { at: Date.now() - 9 * 86_400_000 });
    for (const row of [...old, ...kept]) opened.ledger.record(row);
    await opened.ledger.close();
    const next = open({ where, retentionDays: 10, pruneAfter: 0, keys: true });
    await next.ledger.looked();
    await expect.poll(async () => idsOf(await stored(next.options)), SOON).toEqual(idsOf(kept));
  });
});

test("a launcher's ledger makes no file before the first row, and its files are this user's alone", async () => {
  const folder = join(temporaryFolder(), "state");
  const { ledger, options } = open({ folder, where: filesIn(folder) });
  await ledger.close();
  expect(existsSync(folder)).toBe(false);
  const next = open({ folder, where: options.where });
  for (const row of someRows(1)) next.ledger.record(row);
  const [spool = ""] = spoolIn(folder);
  expect(statSync(join(folder, "usage-spool", spool)).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, "usage-spool")).mode & 0o777).toBe(0o700);
});

test("a row is on its way to the disk when record returns: what is lost at kill -9 is nothing", () => {
  const { ledger, options } = open();
  const rows = someRows(2);
  for (const row of rows) ledger.record(row);
  expect(rowsWaitingIn(options.folder)).toEqual(rows);
});
