import { describe, expect, test } from "vitest";
import type { ApiError } from "../../src/errors.ts";
import type { Limits } from "../../src/keys/api-key.ts";
import { Gate, isCounted, type Spent } from "../../src/keys/gate.ts";
import { nextWindow, type Window } from "../../src/keys/windows.ts";

const NOW = Date.parse("2026-11-30T23:59:18.500Z");
const NOTHING: Spent = { requests: 0, tokens: 0, capacityUnits: 0 };

const keyWith = (limits: Limits) => {
  return { id: "key_1", name: "ci", role: "inference" as const, limits, expiresAt: undefined };
};

/** A gate before which the key has spent this, by period. */
function gateAfter(spent: Record<string, Partial<Spent>>, now = () => NOW): Gate {
  return new Gate((_id, period) => ({ ...NOTHING, ...spent[period] }), now);
}

function refusalOf(gate: Gate, limits: Limits): ApiError | undefined {
  try {
    gate.enter(keyWith(limits));
    return undefined;
  } catch (error) {
    return error as ApiError;
  }
}

const MINUTE = "2026-11-30T23:59";
const DAY = "2026-11-30";
const MONTH = "2026-11";

test.each<
  [limits: Limits, spent: Record<string, Partial<Spent>>, message: string, hint: RegExp, wait?: number]
>([
  [
    { requestsPerMinute: 10 },
    { [MINUTE]: { requests: 10 } },
    "Key 'ci' has used its 10 requests for this minute.",
    /in 42 s/,
    42,
  ],
  [
    { requestsPerMinute: 1 },
    { [MINUTE]: { requests: 3 } },
    "Key 'ci' has used its 1 request for this minute.",
    /in 42 s/,
    42,
  ],
  [
    { tokensPerMinute: 500 },
    { [MINUTE]: { tokens: 501 } },
    "Key 'ci' has used its 500 tokens for this minute.",
    /in 42 s/,
    42,
  ],
  [
    { tokensPerDay: 1000 },
    { [DAY]: { tokens: 1000 } },
    "Key 'ci' has used its 1000 tokens for today (UTC).",
    /at 2026-12-01 00:00 UTC/,
    42,
  ],
  [
    { tokensPerMonth: 9 },
    { [MONTH]: { tokens: 9 } },
    "Key 'ci' has used its 9 tokens for this month (UTC).",
    /at 2026-12-01 00:00 UTC/,
    42,
  ],
  [
    { budget: 2.5 },
    { all: { capacityUnits: 2.5 } },
    "Key 'ci' has used its budget of 2.5 capacity units.",
    /another/,
  ],
])("%j after %j", (limits, spent, message, hint, wait) => {
  const refusal = refusalOf(gateAfter(spent), limits);
  expect(refusal).toMatchObject({ status: 429, type: "rate_limit_error", message });
  expect(refusal?.hint).toMatch(hint);
  expect(refusal?.retryAfter).toBe(wait);
});

test.each<[limits: Limits, spent: Record<string, Partial<Spent>>]>([
  [{ requestsPerMinute: 10 }, { [MINUTE]: { requests: 9, tokens: 1e9 }, [DAY]: { requests: 1e9 } }],
  [{ tokensPerMinute: 500 }, { [MINUTE]: { tokens: 499 }, [DAY]: { tokens: 1e9 } }],
  [
    { tokensPerDay: 1000 },
    { [DAY]: { tokens: 999 }, "2026-11-29": { tokens: 1e9 }, [MONTH]: { tokens: 1e9 } },
  ],
  [{ tokensPerMonth: 1000 }, { [MONTH]: { tokens: 999 }, all: { tokens: 1e9 } }],
  [{ budget: 0.5 }, { all: { capacityUnits: 0.4999 }, [DAY]: { capacityUnits: 7 } }],
  [{ models: ["opus"] }, { all: { tokens: 1e9, requests: 1e9, capacityUnits: 1e9 } }],
  [{}, { all: { tokens: 1e9 } }],
])("%j lets in after %j", (limits, spent) => {
  expect(refusalOf(gateAfter(spent), limits)).toBeUndefined();
});

test("what opens soonest is told first", () => {
  const spent = { requests: 9, tokens: 9, capacityUnits: 9 };
  const gate = gateAfter({ [MINUTE]: spent, [DAY]: spent, [MONTH]: spent, all: spent });
  const limits: Limits = {
    concurrency: 1,
    requestsPerMinute: 1,
    tokensPerMinute: 1,
    tokensPerDay: 1,
    tokensPerMonth: 1,
    budget: 1,
  };
  const told: string[] = [];
  gate.enter(keyWith({ concurrency: 1 }));
  for (const limit of Object.keys(limits) as (keyof Limits)[]) {
    told.push(refusalOf(gate, limits)?.message ?? "");
    delete limits[limit];
  }
  expect(told).toEqual([
    expect.stringContaining("running"),
    expect.stringContaining("request for this minute"),
    expect.stringContaining("token for this minute"),
    expect.stringContaining("today"),
    expect.stringContaining("month"),
    expect.stringContaining("budget"),
  ]);
});

test("SDKs are told not to wait for hours: a used-up day, month or budget has the code for it", () => {
  const spent = { requests: 9, tokens: 9, capacityUnits: 9 };
  const gate = gateAfter({ [MINUTE]: spent, [DAY]: spent, [MONTH]: spent, all: spent });
  const reasons = (
    ["requestsPerMinute", "tokensPerMinute", "tokensPerDay", "tokensPerMonth", "budget"] as const
  ).map((limit) => refusalOf(gate, { [limit]: 1 })?.reason);
  expect(reasons).toEqual([
    undefined,
    undefined,
    "insufficient_quota",
    "insufficient_quota",
    "insufficient_quota",
  ]);
});

describe("what runs counts", () => {
  test("against the requests at the same time, until it is over", () => {
    const gate = new Gate();
    const key = keyWith({ concurrency: 2 });
    const [first, second] = [gate.enter(key), gate.enter(key)];
    expect(() => gate.enter(key)).toThrow("Key 'ci' has 2 requests running, as many as it may have.");
    gate.enter({ ...key, id: "key_2" });
    first();
    const third = gate.enter(key);
    expect(() => gate.enter(key)).toThrow(/running/);
    second();
    third();
    expect([gate.enter(key), gate.enter(key)]).toHaveLength(2);
  });

  test("against those of its minute, and of no other", () => {
    let now = NOW;
    const gate = gateAfter({}, () => now);
    const key = keyWith({ requestsPerMinute: 2 });
    const ended = gate.enter(key);
    gate.enter(key);
    expect(() => gate.enter(key)).toThrow(/2 requests for this minute/);
    now += 60_000;
    gate.enter(key);
    ended();
    gate.enter(key);
    expect(() => gate.enter(key)).toThrow(/2 requests for this minute/);
  });

  test("without anybody who counts, only requests at the same time are limited", () => {
    const gate = new Gate(undefined, () => NOW);
    const key = keyWith({ requestsPerMinute: 1, tokensPerDay: 1, budget: 0.1 });
    expect([gate.enter(key), gate.enter(key), gate.enter(key)]).toHaveLength(3);
  });
});

test.each<[Limits, boolean]>([
  [{}, false],
  [{ models: ["a"] }, false],
  [{ budget: 1 }, true],
  [{ concurrency: 1, models: ["a"] }, true],
])("%j is counted: %s", (limits, counted) => {
  expect(isCounted(limits)).toBe(counted);
});

test.each<[window: Window, at: string, next: string]>([
  ["minute", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z"],
  ["minute", "2026-11-21T15:04:00.000Z", "2026-11-21T15:05:00.000Z"],
  ["day", "2028-02-28T12:00:00.000Z", "2028-02-29T00:00:00.000Z"],
  ["day", "2026-03-29T01:30:00.000Z", "2026-03-30T00:00:00.000Z"],
  ["month", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ["month", "2026-01-31T10:00:00.000Z", "2026-02-01T00:00:00.000Z"],
])("after the %s of %s comes %s", (window, at, next) => {
  expect(new Date(nextWindow(window, Date.parse(at))).toISOString()).toBe(next);
});
