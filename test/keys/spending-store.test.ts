import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/open.ts";
import { costsOf, periodsOf, spendingStore, tokensOf } from "../../src/keys/spending-store.ts";
import { usageStore } from "../../src/usage/usage-store.ts";
import { onEveryEngine, requestRow } from "../support/databases.ts";

const NEW_YEARS_EVE = Date.UTC(2026, 11, 31, 23, 59, 59, 999);
const PERIODS = ["2026-12-31T23:59", "2026-12-31", "2026-12", "all"];

test("periods are those of UTC", () => {
  expect(Object.values(periodsOf(NEW_YEARS_EVE))).toEqual(PERIODS);
  expect(Object.values(periodsOf(NEW_YEARS_EVE + 1))).toEqual([
    "2027-01-01T00:00",
    "2027-01-01",
    "2027-01",
    "all",
  ]);
});

test("the tokens that limits count are input, caches and output", () => {
  expect(tokensOf(requestRow())).toBe(1 + 2 + 4 + 8 + 16);
});

test("a request counts for the minute in which it arrived, its tokens for that in which they were known", () => {
  const costs = costsOf([requestRow({ at: NEW_YEARS_EVE - 90_000, took: 90_001 })]);
  expect(costs.map((cost) => [cost.period, cost.requests, cost.tokens, cost.capacity_units])).toEqual([
    ["2026-12-31T23:58", 1, 0, 0],
    ["2027-01-01T00:00", 0, 31, 0.25],
    ["2026-12-31", 1, 31, 0.25],
    ["2026-12", 1, 31, 0.25],
    ["all", 1, 31, 0.25],
  ]);
});

test("the costs of many are their sum, by key and period", () => {
  const rows = [
    requestRow({ at: NEW_YEARS_EVE, took: 0 }),
    requestRow({ at: NEW_YEARS_EVE - 60_000, took: 60_000, capacity_units: null }),
    requestRow({ at: NEW_YEARS_EVE, took: 1, key_id: "key_b" }),
    requestRow({ at: NEW_YEARS_EVE, attempts: 0 }),
  ];
  const costs = costsOf(rows).map((cost) => [
    `${cost.key_id} ${cost.period}`,
    [cost.requests, cost.tokens, cost.capacity_units],
  ]);
  expect(Object.fromEntries(costs)).toEqual({
    "key_ci 2026-12-31T23:58": [1, 0, 0],
    "key_ci 2026-12-31T23:59": [1, 62, 0.25],
    "key_ci 2026-12-31": [2, 62, 0.25],
    "key_ci 2026-12": [2, 62, 0.25],
    "key_ci all": [2, 62, 0.25],
    "key_b 2026-12-31T23:59": [1, 0, 0],
    "key_b 2027-01-01T00:00": [0, 31, 0.25],
    "key_b 2026-12-31": [1, 31, 0.25],
    "key_b 2026-12": [1, 31, 0.25],
    "key_b all": [1, 31, 0.25],
  });
});

onEveryEngine("spending", (open) => {
  test("requests raise minute, day, month and all of their keys", async () => {
    const { keys, requests } = await open();
    const store = usageStore(requests);
    await store.append([
      requestRow({ took: 0, at: NEW_YEARS_EVE }),
      requestRow({ took: 0, at: NEW_YEARS_EVE, key_id: "key_b", output_tokens: 100 }),
    ]);
    await store.append([
      requestRow({ took: 0, at: NEW_YEARS_EVE, capacity_units: null }),
      requestRow({ took: 0, at: NEW_YEARS_EVE + 1 }),
    ]);

    const spent = await spendingStore(keys).read(["key_ci", "key_b", "key_c"], PERIODS);
    const told = spent.map((row) => [row.key_id, row.period, row.requests, row.tokens, row.capacity_units]);
    expect(told.sort()).toEqual([
      ["key_b", "2026-12", 1, 115, 0.25],
      ["key_b", "2026-12-31", 1, 115, 0.25],
      ["key_b", "2026-12-31T23:59", 1, 115, 0.25],
      ["key_b", "all", 1, 115, 0.25],
      ["key_ci", "2026-12", 2, 62, 0.25],
      ["key_ci", "2026-12-31", 2, 62, 0.25],
      ["key_ci", "2026-12-31T23:59", 2, 62, 0.25],
      ["key_ci", "all", 3, 93, 0.5],
    ]);
  });

  test("a row that comes again, alone or in a batch, counts once", async () => {
    const { keys, requests } = await open();
    const store = usageStore(requests);
    const row = requestRow();
    await store.append([row, row]);
    await store.append([requestRow(), row]);
    expect(await spendingStore(keys).read(["key_ci"], ["all"])).toMatchObject([{ requests: 2, tokens: 62 }]);
  });

  test("a request that reached no upstream costs nothing", async () => {
    const { keys, requests } = await open();
    await usageStore(requests).append([requestRow({ attempts: 0, status: 429 })]);
    expect(await spendingStore(keys).read(["key_ci"], ["all"])).toEqual([]);
  });

  test("nothing is spent when the rows could not be written", async () => {
    const { keys, requests } = await open();
    const store = usageStore(requests);
    const broken = { ...requestRow(), outcome: null as unknown as string };
    await expect(store.append([requestRow(), broken])).rejects.toMatchObject({ code: "database_failed" });
    expect(await store.recent({ limit: 9 })).toEqual([]);
    expect(await spendingStore(keys).read(["key_ci"], ["all"])).toEqual([]);
    await store.append([requestRow()]);
    expect(await spendingStore(keys).read(["key_ci"], ["all"])).toMatchObject([{ requests: 1 }]);
  });

  test("two writers lose nothing of a common key", async () => {
    const { keys, where, requests } = await open();
    const second = await openDatabase(where.requests, "requests", { beside: where.keys });
    const batches = Array.from({ length: 40 }, (_, i) => usageStore(i % 2 ? requests : second));
    await Promise.all(batches.map((store) => store.append([requestRow(), requestRow({ key_id: "key_b" })])));
    await second.close();
    const spent = await spendingStore(keys).read(["key_ci", "key_b"], ["all"]);
    expect(spent.map((row) => row.requests)).toEqual([40, 40]);
  });

  test("old minutes are forgotten, days and months stay", async () => {
    const { keys, requests } = await open();
    const store = spendingStore(keys);
    await usageStore(requests).append([
      requestRow({ at: NEW_YEARS_EVE }),
      requestRow({ at: NEW_YEARS_EVE + 1 }),
    ]);
    expect(await store.prune(NEW_YEARS_EVE + 1)).toBe(1);
    expect(await store.prune(NEW_YEARS_EVE + 1)).toBe(0);
    const left = await store.read(["key_ci"], [...PERIODS, "2027-01-01T00:00"]);
    expect(left.map(({ period }) => period).sort()).toEqual([
      "2026-12",
      "2026-12-31",
      "2027-01-01T00:00",
      "all",
    ]);
  });

  test("asking for no key or no period answers nothing", async () => {
    const { keys } = await open();
    expect(await spendingStore(keys).read([], ["all"])).toEqual([]);
    expect(await spendingStore(keys).read(["key_ci"], [])).toEqual([]);
  });
});
