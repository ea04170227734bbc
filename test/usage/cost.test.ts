import { describe, expect, test } from "vitest";
import { noUsage } from "../../src/hub/messages.ts";
import { type CacheRates, capacityUnitsOf, isUntold, type Rate } from "../../src/usage/cost.ts";
import type { RequestRecord } from "../../src/usage/request-record.ts";
import { rowOf } from "../../src/usage/request-row.ts";
import { record } from "./records.ts";

const RATE: Rate = { input: 4, output: 20 };
const CACHE: CacheRates = { read: 0.1, write5m: 1.25, write1h: 2 };
const MILLION = 1_000_000;

describe("capacity units of a million", () => {
  test.each([
    ["plain input", { input_tokens: MILLION }, 4],
    ["what the cache held", { cache_read_input_tokens: MILLION }, 0.4],
    ["what is cached for five minutes", { cache_creation_input_tokens: MILLION }, 5],
    [
      "what is cached for an hour",
      { cache_creation_input_tokens: MILLION, cache_creation_1h_tokens: MILLION },
      8,
    ],
    ["both halves", { cache_creation_input_tokens: MILLION, cache_creation_1h_tokens: MILLION / 2 }, 6.5],
    [
      "more for an hour than at all, which no host should tell",
      { cache_creation_input_tokens: MILLION, cache_creation_1h_tokens: 3 * MILLION },
      8,
    ],
    ["output, of which reasoning is a part", { output_tokens: MILLION, reasoning_tokens: MILLION / 2 }, 20],
    ["nothing", {}, 0],
  ])("%s", (_name, usage, units) => {
    expect(capacityUnitsOf({ ...noUsage(), ...usage }, RATE, CACHE)).toBeCloseTo(units, 9);
  });
});

test.each([
  ["input", { input_tokens: 1 }, { input: undefined, output: 20 }, undefined],
  ["output", { output_tokens: 1 }, { input: 4, output: undefined }, undefined],
  ["output of an embedding, which has none", { input_tokens: MILLION }, { input: 4, output: undefined }, 4],
  ["both, of a request that used nothing", {}, { input: undefined, output: undefined }, 0],
])("without a rate of %s", (_name, usage, rate, units) => {
  expect(capacityUnitsOf({ ...noUsage(), ...usage }, rate, CACHE)).toBe(units);
});

test.each<[string, Partial<RequestRecord>, boolean]>([
  ["a client that left before anything was told", { outcome: "cancelled" }, true],
  ["a stream that broke before anything was told", { outcome: "broken" }, true],
  ["a client that left before an upstream was reached", { outcome: "cancelled", attempts: 0 }, false],
  [
    "a client that left behind the first counts",
    { outcome: "cancelled", usage: { ...noUsage(), input_tokens: 9 } },
    false,
  ],
  ["a refusal", { outcome: "failed" }, false],
  ["an answer in full", { outcome: "completed" }, false],
])("whether tokens went uncounted: %s", (_name, given, untold) => {
  expect(isUntold(record(given))).toBe(untold);
});

describe("a request as a row", () => {
  test("has both kinds of cache writes, a day of UTC, and null for what is not known", () => {
    const usage = {
      input_tokens: 1,
      cache_read_input_tokens: 2,
      cache_creation_input_tokens: 30,
      cache_creation_1h_tokens: 10,
      output_tokens: 4,
      reasoning_tokens: 3,
    };
    const row = rowOf(
      record({ at: Date.parse("2026-11-21T23:30:00-02:00"), usage, tool: undefined }),
      undefined,
    );
    expect(row).toMatchObject({
      day: "2026-11-22",
      key_id: "local",
      tool: null,
      streamed: 1,
      input_tokens: 1,
      cache_read_tokens: 2,
      cache_write_5m_tokens: 20,
      cache_write_1h_tokens: 10,
      output_tokens: 4,
      reasoning_tokens: 3,
      capacity_units: null,
    });
  });

  test("a refused one is no estimate: it used nothing", () => {
    expect(rowOf(record({ outcome: "failed", usageSource: "partial" }), 0)).toMatchObject({
      usage_source: "reported",
      capacity_units: 0,
    });
    expect(rowOf(record({ outcome: "cancelled", usageSource: "partial" }), undefined)).toMatchObject({
      usage_source: "partial",
    });
  });
});
