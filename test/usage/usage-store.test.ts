import { expect, test } from "vitest";
import type { UsageQuery } from "../../src/usage/usage-query.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { onEveryEngine, requestRow } from "../support/databases.ts";

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 10, 21, 12);

onEveryEngine("usage", (open) => {
  test("rows are kept as they came, newest first, whatever became of them", async () => {
    const store = usageStore((await open()).requests);
    const rows = [
      requestRow({
        at: NOON,
        profile: null,
        tool: null,
        session: null,
        first_byte: null,
        capacity_units: null,
      }),
      requestRow({ at: NOON + 1, attempts: 0, requested: null, model: null, deployment: null, status: 429 }),
      requestRow({ at: NOON + 2, output_tokens: 4_000_000_000, capacity_units: 0.000_123 }),
    ];
    await store.append(rows);
    expect(await store.recent({ limit: 10 })).toEqual(rows.toReversed());
    expect(await store.recent({ limit: 1 })).toEqual(rows.slice(2));
  });

  test("append tells which rows were new", async () => {
    const store = usageStore((await open()).requests);
    const [a, b, c] = [requestRow(), requestRow(), requestRow()];
    expect((await store.append([a, b])).sort()).toEqual([a.id, b.id]);
    expect(await store.append([b, c, c])).toEqual([c.id]);
    expect(await store.append([])).toEqual([]);
    expect(await store.recent({ limit: 10 })).toHaveLength(3);
  });

  test("more rows than one statement holds", async () => {
    const store = usageStore((await open()).requests);
    const rows = Array.from({ length: 1_201 }, () => requestRow());
    expect(await store.append(rows)).toHaveLength(1_201);
    expect((await store.figures({ by: [] }))[0]).toMatchObject({ requests: 1_201, outputTokens: 1_201 * 16 });
  });

  test("figures are numbers, to the token", async () => {
    const store = usageStore((await open()).requests);
    await store.append([
      requestRow(),
      requestRow({ usage_source: "partial", capacity_units: null }),
      requestRow({ usage_source: "estimated", output_tokens: 3_000_000_000 }),
      requestRow({ attempts: 0 }),
    ]);
    expect(await store.figures({ by: [] })).toEqual([
      {
        group: {},
        requests: 3,
        inputTokens: 3,
        cacheReadTokens: 6,
        cacheWriteTokens: 36,
        cacheWrite1hTokens: 24,
        outputTokens: 3_000_000_032,
        reasoningTokens: 96,
        capacityUnits: 0.5,
        unpriced: 1,
        estimated: 2,
      },
    ]);
  });

  test("no rate known: no capacity units rather than none spent", async () => {
    const store = usageStore((await open()).requests);
    await store.append([requestRow({ capacity_units: null })]);
    expect((await store.figures({ by: [] }))[0]).toMatchObject({ capacityUnits: undefined, unpriced: 1 });
  });

  test("nothing matches: no figures", async () => {
    const store = usageStore((await open()).requests);
    expect(await store.figures({ by: [] })).toEqual([]);
    expect(await store.figures({ by: ["model"] })).toEqual([]);
  });

  const rows = [
    { at: NOON - DAY, model: "a", key_name: "ci", profile: "eu", tool: "codex", session: "s1" },
    { at: NOON, model: "a", key_name: "dev", profile: "us", tool: "codex", session: "s2" },
    { at: NOON, model: "b", key_name: "dev", profile: "us", tool: null, session: "s2" },
  ];
  const GROUPS: [UsageQuery["by"], [object, number][]][] = [
    [
      ["model"],
      [
        [{ model: "a" }, 2],
        [{ model: "b" }, 1],
      ],
    ],
    [
      ["key"],
      [
        [{ key: "ci" }, 1],
        [{ key: "dev" }, 2],
      ],
    ],
    [
      ["profile"],
      [
        [{ profile: "eu" }, 1],
        [{ profile: "us" }, 2],
      ],
    ],
    [
      ["tool"],
      [
        [{}, 1],
        [{ tool: "codex" }, 2],
      ],
    ],
    [
      ["day"],
      [
        [{ day: "2026-11-20" }, 1],
        [{ day: "2026-11-21" }, 2],
      ],
    ],
    [
      ["session"],
      [
        [{ session: "s1" }, 1],
        [{ session: "s2" }, 2],
      ],
    ],
    [
      ["day", "model"],
      [
        [{ day: "2026-11-20", model: "a" }, 1],
        [{ day: "2026-11-21", model: "a" }, 1],
        [{ day: "2026-11-21", model: "b" }, 1],
      ],
    ],
  ];
  test.each(GROUPS)("figures by %j", async (by, expected) => {
    const store = usageStore((await open()).requests);
    await store.append(rows.map((row) => requestRow(row)));
    expect((await store.figures({ by })).map(({ group, requests }) => [group, requests])).toEqual(expected);
  });

  const FILTERS: [Omit<UsageQuery, "by">, number][] = [
    [{ since: NOON }, 2],
    [{ until: NOON }, 1],
    [{ since: NOON - DAY, until: NOON + 1 }, 3],
    [{ key: "dev" }, 2],
    [{ key: "key_ci" }, 3],
    [{ model: "a" }, 2],
    [{ model: "gpt-5" }, 3],
    [{ profile: "eu" }, 1],
    [{ tool: "codex", session: "s2" }, 1],
    [{ tool: "CODEX" }, 0],
  ];
  test.each(FILTERS)("only %j", async (filter, expected) => {
    const store = usageStore((await open()).requests);
    await store.append(rows.map((row) => requestRow(row)));
    const [sum] = await store.figures({ by: [], ...filter });
    expect(sum?.requests ?? 0).toBe(expected);
    expect(await store.recent({ limit: 10, ...filter })).toHaveLength(expected);
  });

  test("rows from before a time are deleted, their spending stays", async () => {
    const { requests } = await open();
    const store = usageStore(requests);
    await store.append(Array.from({ length: 5_400 }, (_, i) => requestRow({ at: NOON - i })));
    expect(await store.prune(NOON - 99)).toBe(5_300);
    expect(await store.recent({ limit: 1_000 })).toHaveLength(100);
    expect(await store.prune(NOON - 99)).toBe(0);
  });
});
