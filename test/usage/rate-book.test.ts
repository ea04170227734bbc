import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { OfferedModel } from "../../src/aicore/model-catalogue.ts";
import { readModelCatalogue } from "../../src/aicore/model-catalogue.ts";
import { cacheRatesOf } from "../../src/catalog/capabilities.ts";
import { noUsage } from "../../src/hub/messages.ts";
import { silentLogger } from "../../src/log.ts";
import { RateBook } from "../../src/usage/rate-book.ts";
import { startStack } from "../support/stack.ts";
import { record } from "./records.ts";

type Version = Partial<OfferedModel["versions"][number]>;

function model(name: string, ...versions: Version[]): OfferedModel {
  const version = { deprecated: false, isLatest: false, price: { input: undefined, output: undefined } };
  return { name, versions: versions.map((given) => ({ ...version, ...given })) } as unknown as OfferedModel;
}

const priced = (input: number, more: Version = {}): Version => ({ price: { input, output: 1 }, ...more });

function bookOf(...catalogues: (() => Promise<OfferedModel[]>)[]): RateBook {
  const book = new RateBook({ catalogues, cacheRatesOf, log: silentLogger });
  onTestFinished(() => book.close());
  return book;
}

const offering =
  (...models: OfferedModel[]) =>
  async () =>
    models;
const failing = async () => {
  throw new Error("no network");
};

describe("the rate of a model", () => {
  test("is that of its latest version, else of one that has a rate", async () => {
    const book = bookOf(
      offering(
        model("a", priced(1), priced(2, { isLatest: true })),
        model("b", priced(3), { isLatest: true }),
        model("c", {}),
      ),
    );
    await book.refresh();
    expect([book.rateOf("a")?.input, book.rateOf("B")?.input]).toEqual([2, 3]);
    expect(book.rateOf("c")).toEqual({ input: undefined, output: undefined });
    expect(book.rateOf("d")).toBeUndefined();
  });

  test("is the first tenant's that knows it, and one tenant's failure is not the others'", async () => {
    const book = bookOf(failing, offering(model("a", {})), offering(model("a", priced(5))));
    await book.refresh();
    expect(book.rateOf("a")?.input).toBe(5);
  });

  test("stays known when a later reading fails", async () => {
    const catalogue = vi.fn(offering(model("a", priced(5))));
    const book = bookOf(catalogue);
    await book.refresh();
    catalogue.mockImplementationOnce(failing);
    await book.refresh();
    expect(book.rateOf("a")?.input).toBe(5);
  });
});

describe("the first requests of a proxy", () => {
  const used = record({ model: "a", usage: { ...noUsage(), input_tokens: 1_000_000 } });
  const priced5 = offering(model("a", priced(5)));

  test("wait for the rates, and are told before whoever waited for them too", async () => {
    const book = bookOf(priced5);
    const told: unknown[] = [];
    book.start();
    book.price(used, (units) => told.push(units));
    expect(told).toEqual([]);
    await book.loaded;
    expect(told).toEqual([5]);
    book.price(used, (units) => told.push(units));
    expect(told).toEqual([5, 5]);
  });

  test.each([
    ["a failure", failing, 0],
    ["a second of silence", () => new Promise<never>(() => {}), 1_000],
  ])("go on without them after %s", async (_name, catalogue, pause) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const book = bookOf(catalogue);
    const told: unknown[] = [];
    book.start();
    book.price(used, (units) => told.push(units));
    if (pause > 0) {
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(told).toEqual([]);
    }
    await vi.advanceTimersByTimeAsync(1);
    await book.loaded;
    expect(told).toEqual([undefined]);
  });

  test("are told before the book is closed, and need no start", async () => {
    const catalogue = vi.fn(priced5);
    const book = bookOf(catalogue);
    const told: unknown[] = [];
    book.price(used, (units) => told.push(units));
    book.price(used, (units) => told.push(units));
    await book.close();
    expect(told).toEqual([5, 5]);
    book.start();
    expect(catalogue).toHaveBeenCalledTimes(1);
    book.price(used, (units) => told.push(units));
    expect(told).toHaveLength(3);
  });
});

describe("readings come", () => {
  test.each([
    ["a day after one that went well", offering(), 24 * 3_600_000],
    ["five minutes after a failure", failing, 5 * 60_000],
  ])("%s", async (_name, reading, pause) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const catalogue = vi.fn(reading);
    const book = bookOf(catalogue);
    book.start();
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(catalogue).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(catalogue).toHaveBeenCalledTimes(2);
    await book.close();
    await vi.advanceTimersByTimeAsync(2 * pause);
    expect(catalogue).toHaveBeenCalledTimes(2);
  });
});

test("what a request costs, by the sandbox's own catalogue", async () => {
  const stack = await startStack();
  onTestFinished(() => stack.close());
  const book = bookOf(() => readModelCatalogue(stack.client));
  await book.refresh();
  // 0.00223 GenAI tokens for a thousand, 1.90385 capacity units for each.
  const million = { ...noUsage(), input_tokens: 1_000_000 };
  expect(book.costOf(record({ usage: million }))).toBeCloseTo(4.2456, 3);
  const read = { ...noUsage(), cache_read_input_tokens: 1_000_000 };
  expect(book.costOf(record({ usage: read }))).toBeCloseTo(0.42456, 4);
  expect(book.costOf(record({ usage: million, model: "gpt-5.5" }))).toBeUndefined();
  expect(book.costOf(record({ outcome: "failed", model: undefined }))).toBe(0);
  const doubled = bookOf(() => readModelCatalogue(stack.client, 2 * 1.90385));
  await doubled.refresh();
  expect(doubled.costOf(record({ usage: million }))).toBeCloseTo(2 * 4.2456, 3);
});
