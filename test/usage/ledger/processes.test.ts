/** Several processes and one database. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { databaseFor } from "../../../src/config/database.ts";
import { pathsFor } from "../../../src/config/paths.ts";
import { openDatabase } from "../../../src/database/open.ts";
import { keyStore } from "../../../src/keys/key-store.ts";
import { newKey } from "../../../src/keys/new-key.ts";
import { lineOf } from "../../../src/usage/ledger/row-line.ts";
import { loggedInWorld } from "../../commands/world.ts";
import { serve } from "../../lifecycle/serving.ts";
import { filesIn, keyRow, onEveryEngine, temporaryFolder } from "../../support/databases.ts";
import { noPostgres, startPostgres } from "../../support/postgres.ts";
import { ask } from "../../support/questions.ts";
import { idsOf, open, SOON, someRows, spoolIn, stored } from "./open.ts";

const LEDGER = fileURLToPath(new URL("../../../build/usage/ledger/index.js", import.meta.url));

/** A process with a ledger, told when its thread has looked at the database. */
const WITH_LEDGER = `
  const { openLedger } = await import(${JSON.stringify(LEDGER)});
  const log = { level: "silent", warn() {}, error() {}, info() {}, debug() {}, once() {} };
  const ledger = openLedger({ ...JSON.parse(process.argv[1]), keys: true, usage: true, retentionDays: 400, log });
  setInterval(() => {}, 1000);
  await ledger.looked();
  process.stdout.write("looked");
`;

function start(place: object): ChildProcess {
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", WITH_LEDGER, JSON.stringify(place)],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test("a ledger does not keep its process", async () => {
  const folder = temporaryFolder();
  const script = WITH_LEDGER.split("setInterval")[0] ?? "";
  const place = JSON.stringify({ where: filesIn(folder), folder });
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, place], {
    stdio: "inherit",
  });
  expect(await once(child, "close")).toEqual([0, null]);
});

onEveryEngine("what dead processes left", (openDatabases) => {
  test("is stored once, however often those who take it over are killed", { timeout: 120_000 }, async () => {
    const { where } = await openDatabases();
    const folder = temporaryFolder();
    const spool = join(folder, "usage-spool");
    mkdirSync(spool, { mode: 0o700 });
    const rows = someRows(6_000, { key_id: "key_left" });
    for (let file = 0; file < 12; file++) {
      const lines = rows.slice(file * 500, file * 500 + 500).map(lineOf);
      writeFileSync(join(spool, `rows.ab${file % 3}.${file}.elsewhere.1.jsonl`), lines.join(""));
    }
    for (const name of spoolIn(folder)) ageOf(join(spool, name));
    for (let time = 0; time < 4; time++) {
      const child = start({ where, folder });
      if (child.stdout) await once(child.stdout, "data");
      // Somewhere in the middle: a little later each time.
      await expect.poll(() => spoolIn(folder).length, SOON).toBeLessThan(12 - 2 * time);
      const ended = once(child, "close");
      child.kill("SIGKILL");
      await ended;
    }
    const last = open({ where, folder, keys: true });
    await expect.poll(() => spoolIn(folder), SOON).toEqual([]);
    expect(idsOf(await stored(last.options))).toEqual(idsOf(rows));
    const [all] = (await last.ledger.ask("figures", { by: [] })) ?? [];
    expect(all?.requests).toBe(6_000);
  });
});

/** Long ago, so that nobody waits for whoever wrote it. */
function ageOf(path: string): void {
  utimesSync(path, 1, 1);
}

onEveryEngine("two proxies", (openDatabases) => {
  test("what one answered the other sees; a key that is revoked stops at both", async () => {
    const { where, keys } = await openDatabases();
    const { key, row } = newKey(
      { name: "team", role: "inference", limits: {}, expiresAt: undefined },
      Date.now(),
    );
    const world = await loggedInWorld();
    const files = "file" in where.keys ? databaseFor(pathsFor(world.env), world.env) : where;
    if ("url" in where.keys) world.env.AICORE_DATABASE_URL = where.keys.url;
    const database = "url" in where.keys ? keys : await openDatabase(files.keys, "keys");
    await keyStore(database).create(row);
    const [one, other] = await Promise.all([serve(world), serve(world)]);
    const ids = await Promise.all(
      [one, other].map(async (proxy) => {
        const answer = await proxy.post("/v1/messages", ask("Hello"), key);
        expect(answer.status).toBe(200);
        await answer.text();
        return answer.headers.get("x-request-id") ?? "";
      }),
    );
    await expect.poll(async () => idsOf(await stored({ where: files })), SOON).toEqual(ids.toSorted());
    expect((await stored({ where: files })).map(({ key_id }) => key_id)).toEqual([row.id, row.id]);

    await keyStore(database).revoke(row.id, Date.now());
    for (const proxy of [one, other]) {
      await expect.poll(async () => (await proxy.get("/v1/models", key)).status, SOON).toBe(401);
      proxy.child.kill("SIGTERM");
      expect(await proxy.child.result).toMatchObject({ code: 0, stderr: "" });
    }
    if (database !== keys) await database.close();
  });
});

test("F50 the keys of a Postgres that does not come back end", async () => {
  const url = "postgres://aicore@127.0.0.1:1/none";
  const { ledger, logged } = open({ where: { keys: { url }, requests: { url } }, keys: true });
  await ledger.looked();
  expect(ledger.keys).toBeUndefined();
  await expect(ledger.ask("keys", undefined)).rejects.toMatchObject({ code: "database_unreachable" });
  for (const row of someRows(3)) ledger.record(row);
  await expect
    .poll(() => ledger.state(), SOON)
    .toMatchObject({
      spooled: 3,
      lastError: expect.stringContaining("does not answer"),
    });
  expect(logged.filter((line) => line.includes("warn"))).toHaveLength(1);
});

describe.skipIf(noPostgres)("known keys", () => {
  test("F50 last a while after the last look at a Postgres, and are back with it", async () => {
    const server = await startPostgres();
    onTestFinished(() => server.remove());
    const url = await server.newDatabase();
    const { ledger } = open({ where: { keys: { url }, requests: { url } }, keys: true, keysLast: 1_000 });
    await ledger.looked();
    const key = keyRow();
    await ledger.ask("createKey", key);
    await server.crash();
    expect(ledger.keys).toMatchObject([{ id: key.id }]);
    await new Promise<void>((resolve) => ledger.onKeys(resolve));
    expect(ledger.keys).toBeUndefined();
    await server.start();
    await expect.poll(() => ledger.keys, SOON).toMatchObject([{ id: key.id }]);
  });
});
