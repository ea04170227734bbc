/**
 * Usage and keys while the database fails: killed (security F46), locked (F47), no room or no right to write (F48), broken
 * (F49), a Postgres that is away (F50). Requests are answered as ever, and every one of them is in the table once.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { databaseFor, type Where } from "../../src/config/database.ts";
import { pathsFor } from "../../src/config/paths.ts";
import { type Database, openDatabase } from "../../src/database/open.ts";
import { keyStore } from "../../src/keys/key-store.ts";
import { newKey } from "../../src/keys/new-key.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { loggedInWorld, type World } from "../commands/world.ts";
import { type Serving, serve } from "../lifecycle/serving.ts";
import { noPostgres, type PostgresServer, startPostgres } from "../support/postgres.ts";
import { ask } from "../support/questions.ts";

const SOON = { timeout: 30_000 };
const LONG = { timeout: 180_000 };

/** Asks so many times, some at once. @returns the ids of those that were answered in full */
async function askAll(proxy: Serving, count: number, key?: string): Promise<string[]> {
  const answers = Array.from({ length: count }, async (_, at) => {
    try {
      const answer = await proxy.post("/v1/messages", ask(`Hello ${at}`, { stream: at % 2 === 0 }), key);
      const text = await answer.text();
      return answer.status === 200 && text !== "" ? [answer.headers.get("x-request-id") ?? ""] : [];
    } catch {
      return [];
    }
  });
  return (await Promise.all(answers)).flat();
}

function whereOf({ env }: World): { keys: Where; requests: Where } {
  return databaseFor(pathsFor(env), env);
}

async function withDatabase<T>(world: World, work: (database: Database) => Promise<T>): Promise<T> {
  const { keys, requests } = whereOf(world);
  const database = await openDatabase(requests, "requests", { beside: keys, patience: 30_000 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** The ids in the table; each can be there once only. */
async function idsIn(world: World): Promise<string[]> {
  const rows = await withDatabase(world, (database) => usageStore(database).recent({ limit: 100_000 }));
  return rows.map(({ id }) => id).sort();
}

async function requestsSpentBy(world: World, keyId: string): Promise<number> {
  return await withDatabase(world, async ({ kysely }) => {
    const [row] = await kysely
      .selectFrom("aicore_spending")
      .select("requests")
      .where("key_id", "=", keyId)
      .where("period", "=", "all")
      .execute();
    return row?.requests ?? 0;
  });
}

/** A key of `aicore keys create`. */
async function createKey(world: World): Promise<{ id: string; key: string }> {
  const limits = { tokensPerDay: 1e9 };
  const { key, row } = newKey({ name: "ci", role: "inference", limits, expiresAt: undefined }, Date.now());
  await withDatabase(world, (database) => keyStore(database).create(row));
  return { id: row.id, key };
}

const stateOf = (world: World) => join(world.home, "state");

function spoolIn(world: World): string[] {
  const folder = join(stateOf(world), "usage-spool");
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function end(proxy: Serving): Promise<void> {
  proxy.child.kill("SIGTERM");
  expect(await proxy.child.result).toMatchObject({ code: 0, stderr: "" });
}

test(
  "F46 kill -9 under load, again and again: every answered request is in the table once",
  LONG,
  async () => {
    const world = await loggedInWorld();
    const { id, key } = await createKey(world);
    const answered: string[] = [];
    for (let time = 0; time < 5; time++) {
      const proxy = await serve(world);
      answered.push(...(await askAll(proxy, 40, key)));
      const last = askAll(proxy, 60, key);
      // In the middle of them, and of what the database is doing.
      await Promise.race([last, askAll(proxy, 10 + 5 * time, key).then((ids) => answered.push(...ids))]);
      proxy.child.kill("SIGKILL");
      answered.push(...(await last));
      await proxy.child.result;
    }
    const proxy = await serve(world);
    await expect.poll(() => spoolIn(world), SOON).toEqual([]);
    const ids = await idsIn(world);
    expect(answered.length).toBeGreaterThanOrEqual(5 * 50);
    expect(answered.filter((one) => !ids.includes(one))).toEqual([]);
    expect(await requestsSpentBy(world, id)).toBe(ids.length);
    await end(proxy);
    expect(
      await withDatabase(world, ({ kysely }) => sql`pragma integrity_check`.execute(kysely)),
    ).toMatchObject({
      rows: [{ integrity_check: "ok" }],
    });
  },
);

test(
  "F47 while another process holds the database nobody waits, and then all is there once",
  LONG,
  async () => {
    const world = await loggedInWorld();
    const { key } = await createKey(world);
    const proxy = await serve(world);
    const answered = await askAll(proxy, 5, key);
    await expect.poll(() => idsIn(world), SOON).toHaveLength(5);
    await withDatabase(world, async ({ kysely }) => {
      await kysely.connection().execute(async (connection) => {
        await sql`begin exclusive`.execute(connection);
        // The thread meets the lock, and the requests after it are the test.
        for (let time = 0; time < 3; time++) answered.push(...(await askAll(proxy, 20, key)));
        expect((await proxy.get("/v1/models", key)).status).toBe(200);
        await sql`rollback`.execute(connection);
      });
    });
    expect(answered).toHaveLength(65);
    await expect.poll(() => idsIn(world), SOON).toEqual(answered.toSorted());
    await end(proxy);
    expect(spoolIn(world)).toEqual([]);
  },
);

/** Mounts a disk of one megabyte, where we may. */
function smallDisk(folder: string): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", folder]);
  if (mounted.status !== 0) return false;
  onTestFinished(() => {
    spawnSync("umount", ["-l", folder]);
  });
  return true;
}

test("F48 a full disk", LONG, async (context) => {
  const world = await loggedInWorld();
  if (!smallDisk(stateOf(world))) return context.skip("needs the right to mount");
  const proxy = await serve(world);
  const answered = await askAll(proxy, 5);
  await expect.poll(() => idsIn(world), SOON).toHaveLength(5);
  const ballast = join(stateOf(world), "ballast");
  spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4k"]);
  for (let time = 0; time < 5; time++) answered.push(...(await askAll(proxy, 20)));
  expect(answered).toHaveLength(105);
  rmSync(ballast);
  await expect.poll(() => idsIn(world), SOON).toEqual(answered.toSorted());
  await end(proxy);
});

test("F48 a state that nothing can be written to", LONG, async () => {
  const world = await loggedInWorld();
  mkdirSync(stateOf(world), { mode: 0o700 });
  // Files where folders should be bind root too.
  writeFileSync(join(stateOf(world), "usage-spool"), "");
  mkdirSync(join(stateOf(world), "usage.db"));
  const proxy = await serve(world);
  const answered = await askAll(proxy, 20);
  expect(answered).toHaveLength(20);
  rmSync(join(stateOf(world), "usage.db"), { recursive: true });
  await expect.poll(() => idsIn(world), SOON).toEqual(answered.toSorted());
  await end(proxy);
});

test("F49 a database that is none is kept under another name, the keys are not touched", LONG, async () => {
  const world = await loggedInWorld();
  const { key } = await createKey(world);
  const file = join(stateOf(world), "usage.db");
  for (const name of ["usage.db", "usage.db-wal", "usage.db-shm", "usage.db-journal"]) {
    rmSync(join(stateOf(world), name), { force: true });
  }
  writeFileSync(file, "garbage ".repeat(2_000));
  const proxy = await serve(world);
  const answered = await askAll(proxy, 20, key);
  expect(answered).toHaveLength(20);
  await expect.poll(() => idsIn(world), SOON).toEqual(answered.toSorted());
  const [aside = ""] = readdirSync(stateOf(world)).filter((name) => name.includes(".corrupt-"));
  expect(readFileSync(join(stateOf(world), aside), "utf8")).toBe("garbage ".repeat(2_000));
  await end(proxy);
});

describe.skipIf(noPostgres)("Postgres", () => {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(async () => server?.remove());

  test(
    "F50 while it is away known keys go on, unknown ones are told to come again, rows wait",
    LONG,
    async () => {
      const world = await loggedInWorld();
      world.env.AICORE_DATABASE_URL = await server?.newDatabase();
      const { id, key } = await createKey(world);
      const proxy = await serve(world);
      const answered = await askAll(proxy, 10, key);
      await expect.poll(() => idsIn(world), SOON).toHaveLength(10);
      await server?.crash();
      answered.push(...(await askAll(proxy, 30, key)), ...(await askAll(proxy, 10)));
      expect(answered).toHaveLength(50);
      expect(spoolIn(world)).not.toEqual([]);
      await server?.start();
      await expect.poll(() => idsIn(world), SOON).toEqual(answered.toSorted());
      expect(await requestsSpentBy(world, id)).toBe(40);
      await end(proxy);
      expect(spoolIn(world)).toEqual([]);
    },
  );

  test("F50 a start without it: the local key works, those of the database come with it", LONG, async () => {
    const world = await loggedInWorld();
    world.env.AICORE_DATABASE_URL = await server?.newDatabase();
    const { key } = await createKey(world);
    await server?.crash();
    const proxy = await serve(world);
    expect(await askAll(proxy, 3)).toHaveLength(3);
    expect((await proxy.post("/v1/messages", ask("Hello"), key)).status).toBe(503);
    await server?.start();
    await expect
      .poll(async () => (await proxy.post("/v1/messages", ask("Hello"), key)).status, SOON)
      .toBe(200);
    await expect.poll(async () => (await idsIn(world)).length, SOON).toBe(4);
    await end(proxy);
  });
});
