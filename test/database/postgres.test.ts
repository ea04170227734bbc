import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { keyStore } from "../../src/keys/key-store.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { keyRow, requestRow } from "../support/databases.ts";
import { noPostgres, type PostgresServer, startPostgres } from "../support/postgres.ts";

test.each([
  ["nobody listens", "postgres://u:secret-word@127.0.0.1:1/db"],
  ["no such host", "postgres://u:secret-word@nowhere.invalid/db"],
])("%s: an error with a code, without the password", async (_what, url) => {
  const error = await openDatabase({ url }, "all").then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({
    code: "database_unreachable",
    message: expect.stringMatching(/^The database postgres:\/\/[^@]+\/db does not answer: /),
    hint: expect.any(String),
  });
  expect(String(error) + JSON.stringify(error)).not.toContain("secret-word");
});

describe.skipIf(noPostgres)(`a server of our own${noPostgres ? `: ${noPostgres}` : ""}`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.remove());

  test("it tells its version", async () => {
    const database = await openDatabase({ url: await server.newDatabase() }, "keys");
    expect(database).toMatchObject({
      kind: "postgres",
      engine: expect.stringMatching(/^PostgreSQL \d+\.\d+$/),
    });
    await database.close();
  });

  test("a database that does not exist is told as refused", async () => {
    const url = (await server.newDatabase()).replace(/test\d+/, "missing");
    await expect(openDatabase({ url }, "all")).rejects.toMatchObject({
      code: "database_refused",
      message: expect.stringContaining('database "missing" does not exist'),
    });
  });

  test("a server that only reads is told", async () => {
    const url = await server.newDatabase();
    const database = await openDatabase({ url }, "all");
    const readOnly = await openDatabase(
      { url: `${url}&options=${encodeURIComponent("-c default_transaction_read_only=on")}` },
      "all",
    );
    await expect(keyStore(readOnly).create(keyRow())).rejects.toMatchObject({ code: "database_read_only" });
    await readOnly.close();
    await database.close();
  });

  test("replicas that raise the same keys at the same time do not stop each other", async () => {
    const url = await server.newDatabase();
    const replicas = [await openDatabase({ url }, "all"), await openDatabase({ url }, "all")];
    const keys = Array.from({ length: 10 }, (_, i) => `key_${i}`);
    const batch = (i: number) => (i % 2 ? keys : keys.toReversed()).map((key_id) => requestRow({ key_id }));
    await Promise.all(
      Array.from({ length: 60 }, (_, i) => {
        const replica = replicas[i % 2];
        return replica && usageStore(replica).append(batch(i));
      }),
    );
    const [replica] = replicas;
    expect(replica && (await usageStore(replica).figures({ by: [] }))[0]?.requests).toBe(600);
    for (const one of replicas) await one.close();
  });

  test("a server that crashes fails what was asked, harms nothing else, and is found again", async () => {
    const database = await openDatabase({ url: await server.newDatabase() }, "all");
    const store = usageStore(database);
    await store.append([requestRow()]);
    await server.crash();
    await expect(store.append([requestRow()])).rejects.toMatchObject({ code: "database_unreachable" });
    await expect(keyStore(database).list()).rejects.toMatchObject({ code: "database_unreachable" });
    await server.start();
    await store.append([requestRow()]);
    expect(await store.recent({ limit: 9 })).toHaveLength(2);
    await database.close();
  });
});
