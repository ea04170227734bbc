import { expect, test } from "vitest";
import { keyStore } from "../../src/keys/key-store.ts";
import { spendingStore } from "../../src/keys/spending-store.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { keyRow, onEveryEngine, requestRow } from "../support/databases.ts";

const PIECES = [
  ...[
    "' OR 1=1--",
    '" OR ""="',
    "'; drop table aicore_keys;--",
    "`",
    "\\",
    "\\'",
    "''",
    "$1",
    "?",
    "?1",
    ":name",
    "@a",
  ],
  ...["%", "_", "/*", "*/", "--", ";", "\n", "\r\n", "\t", "\u0000", "\u001b[2J", "\u202e", "é", "漢", "😀"],
  ...[
    "' union select digest from aicore_keys--",
    "1; pg_sleep(9)",
    "null",
    "NaN",
    "__proto__",
    "{}",
    "E'\\x27'",
  ],
];

/** Some 200 texts, each its own, the same in every run. */
const TEXTS = Array.from({ length: 200 }, (_, i) => {
  const at = (offset: number) => PIECES[(i * 7 + offset) % PIECES.length] ?? "";
  return `${at(0)}${at(i % 11)}${at(i % 5)} ${i}`;
});

/** As it comes back: U+0000 is replaced, for Postgres takes none. */
const stored = (text: string) => text.replaceAll("\0", "\uFFFD");

onEveryEngine("T17: values are never part of a statement", (open) => {
  test("names and digests of keys", async () => {
    const { keys } = await open();
    const store = keyStore(keys);
    const created = TEXTS.map((text) => keyRow({ name: text, digest: text }));
    for (const key of created) await store.create(key);
    expect((await store.list()).map(({ name, digest }) => [name, digest])).toEqual(
      TEXTS.map((text) => [stored(text), stored(text)]),
    );
    for (const text of TEXTS) expect(await store.revoke(`${text}'`, 1)).toBeUndefined();
    const [first = ""] = TEXTS;
    await store.revoke(first, 1);
    const revoked = (await store.list()).filter(({ revoked_at }) => revoked_at !== null);
    expect(revoked.map(({ name }) => name)).toEqual([stored(first)]);
  });

  test("every text of a row, every filter and group", async () => {
    const { requests, keys } = await open();
    const store = usageStore(requests);
    const texts = (text: string) => ({
      profile: text,
      tool: text,
      session: text,
      model: text,
      requested: text,
    });
    await store.append(
      TEXTS.map((text) =>
        requestRow({ ...texts(text), id: stored(text), key_id: stored(text), key_name: text }),
      ),
    );
    for (const text of TEXTS) {
      for (const filter of ["key", "model", "profile", "tool", "session"] as const) {
        const figures = await store.figures({ by: [], [filter]: text });
        expect(figures.map(({ requests }) => requests)).toEqual([1]);
      }
      expect(await store.recent({ limit: 9, session: `${text}'` })).toEqual([]);
      expect(await spendingStore(keys).read([text], ["all", text])).toMatchObject([{ requests: 1 }]);
    }
    const bySession = await store.figures({ by: ["session", "tool"] });
    expect(new Set(bySession.map(({ group }) => group.session))).toEqual(new Set(TEXTS.map(stored)));
    expect(await store.append(TEXTS.map((text) => requestRow({ id: stored(text) })))).toEqual([]);
  });
});
