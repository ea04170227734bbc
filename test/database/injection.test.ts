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

const FILTERS = ["key", "model", "profile", "tool", "session"] as const;

onEveryEngine("T17: values are never part of a statement", (open) => {
  test("names and digests of keys", { timeout: 60_000 }, async () => {
    const { keys } = await open();
    const store = keyStore(keys);
    await Promise.all(TEXTS.map((text) => store.create(keyRow({ name: text, digest: text }))));
    const kept = (await store.list()).map(({ name, digest }) => [name, digest]);
    expect(kept.sort()).toEqual(TEXTS.map((text) => [stored(text), stored(text)]).sort());

    const strangers = await Promise.all(TEXTS.map((text) => store.revoke(`${text}'`, 1)));
    expect(strangers.filter((key) => key !== undefined)).toEqual([]);
    const [first = ""] = TEXTS;
    await store.revoke(first, 1);
    const revoked = (await store.list()).filter(({ revoked_at }) => revoked_at !== null);
    expect(revoked.map(({ name }) => name)).toEqual([stored(first)]);
  });

  test("every text of a row, every filter and group", { timeout: 60_000 }, async () => {
    const { requests, keys } = await open();
    const store = usageStore(requests);
    const texts = (text: string) => ({
      profile: text,
      tool: text,
      session: text,
      model: text,
      requested: text,
    });
    const rows = TEXTS.map((text) =>
      requestRow({ ...texts(text), id: stored(text), key_id: text, key_name: text }),
    );
    expect(await store.append(rows)).toHaveLength(200);
    expect(await store.append(rows)).toEqual([]);

    const found = TEXTS.map(async (text, i) => {
      const filter = { [FILTERS[i % FILTERS.length] ?? "key"]: text };
      const [sum] = await store.figures({ by: [], ...filter });
      return [sum?.requests, (await store.recent({ limit: 9, session: `${text}'` })).length];
    });
    expect(await Promise.all(found)).toEqual(TEXTS.map(() => [1, 0]));

    const bySession = await store.figures({ by: ["session", "tool"] });
    expect(new Set(bySession.map(({ group }) => group.session))).toEqual(new Set(TEXTS.map(stored)));
    expect(await spendingStore(keys).read(TEXTS, ["all", ...TEXTS])).toHaveLength(200);
  });
});
