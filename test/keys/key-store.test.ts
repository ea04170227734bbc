import { expect, test } from "vitest";
import { keyStore } from "../../src/keys/key-store.ts";
import { keyRow, onEveryEngine } from "../support/databases.ts";

onEveryEngine("keys", (open) => {
  test("a key is kept as it was made", async () => {
    const store = keyStore((await open()).keys);
    const key = keyRow({
      limits: '{"tokensPerDay":1000}',
      created_at: 1_795_000_000_123,
      expires_at: 1_795_999_999_999,
    });
    await store.create(key);
    expect(await store.list()).toEqual([key]);
  });

  test("keys are listed oldest first", async () => {
    const store = keyStore((await open()).keys);
    const [older, newer] = [keyRow({ created_at: 1 }), keyRow({ created_at: 2 })];
    await store.create(newer);
    await store.create(older);
    expect((await store.list()).map(({ id }) => id)).toEqual([older.id, newer.id]);
  });

  test("a name is taken until its key is revoked", async () => {
    const store = keyStore((await open()).keys);
    const first = keyRow({ name: "ci" });
    await store.create(first);
    await expect(store.create(keyRow({ name: "ci" }))).rejects.toMatchObject({
      code: "key_name_taken",
      exitCode: 2,
      message: 'There is a key named "ci" already.',
    });
    await store.revoke("ci", 5);
    const second = keyRow({ name: "ci" });
    await store.create(second);
    expect((await store.list()).map(({ id, revoked_at }) => [id, revoked_at])).toEqual([
      [first.id, 5],
      [second.id, null],
    ]);
  });

  test("two that create the same name at once: one gets it", async () => {
    const { keys, requests } = await open();
    const made = await Promise.allSettled(
      [keys, requests].map((database) => keyStore(database).create(keyRow({ name: "ci" }))),
    );
    expect(made.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await keyStore(keys).list()).toHaveLength(1);
  });

  test.each(["id", "name"] as const)("a key is revoked by its %s, once", async (by) => {
    const store = keyStore((await open()).keys);
    const [key, other] = [keyRow(), keyRow()];
    await store.create(key);
    await store.create(other);
    expect(await store.revoke(key[by], 7)).toEqual({ ...key, revoked_at: 7 });
    expect(await store.revoke(key[by], 9)).toEqual({ ...key, revoked_at: 7 });
    expect(await store.list()).toEqual([{ ...key, revoked_at: 7 }, other]);
  });

  test("a name means the key that has it now, an id always its own", async () => {
    const store = keyStore((await open()).keys);
    const [old, now] = [keyRow({ name: "ci", revoked_at: 1 }), keyRow({ name: "ci" })];
    const named = keyRow({ name: old.id });
    for (const key of [old, now, named]) await store.create(key);
    expect((await store.revoke("ci", 2))?.id).toBe(now.id);
    expect((await store.revoke(old.id, 3))?.id).toBe(old.id);
    expect((await store.list()).find(({ id }) => id === named.id)?.revoked_at).toBeNull();
  });

  test("what is not there is not revoked", async () => {
    const store = keyStore((await open()).keys);
    expect(await store.revoke("ci", 1)).toBeUndefined();
  });
});
