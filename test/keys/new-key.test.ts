/** Keys at rest and their limits as documents (security T18). */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { storedKey } from "../../src/keys/accepted.ts";
import type { Limits } from "../../src/keys/api-key.ts";
import { limitsDocument, limitsFrom, readLimits, storedLimits } from "../../src/keys/limits.ts";
import { keyDocument, managedKey } from "../../src/keys/managed-key.ts";
import { looksMade, nameComplaint, newKey } from "../../src/keys/new-key.ts";

const NOW = Date.parse("2026-11-21T15:04:05.678Z");
const ALL: Limits = {
  models: ["claude-haiku*", "gpt-5"],
  requestsPerMinute: 60,
  tokensPerMinute: 250_000,
  tokensPerDay: 2_000_000,
  tokensPerMonth: 9_000_000,
  budget: 2.5,
  concurrency: 4,
};
const DOCUMENT = {
  models: ["claude-haiku*", "gpt-5"],
  requests_per_minute: 60,
  tokens_per_minute: 250_000,
  tokens_per_day: 2_000_000,
  tokens_per_month: 9_000_000,
  budget_capacity_units: 2.5,
  concurrency: 4,
};

test("T18: a key is 256 random bits, and its row does not tell it", () => {
  const { key, row } = newKey({ name: "ci", role: "admin", limits: ALL, expiresAt: NOW + 1 }, NOW);
  expect(key).toMatch(/^aic_[\w-]{43}$/);
  expect(row.id).toMatch(/^key_[0-9a-f]{12}$/);
  expect(row.prefix).toBe(key.slice(0, 12));
  expect(row.digest).toBe(createHash("sha256").update(key).digest("hex"));
  expect(JSON.stringify(row)).not.toContain(key.slice(12));
  expect(looksMade(key)).toBe(true);
  const other = newKey({ name: "ci", role: "admin", limits: ALL, expiresAt: NOW + 1 }, NOW);
  expect([other.key === key, other.row.id === row.id]).toEqual([false, false]);
  expect(storedKey(row)).toEqual({
    id: row.id,
    name: "ci",
    role: "admin",
    limits: ALL,
    expiresAt: NOW + 1,
    secret: `sha256:${row.digest}`,
  });
});

test("its document has ISO times, and what it spent in the running day and month", () => {
  const { row } = newKey({ name: "ci", role: "inference", limits: {}, expiresAt: undefined }, NOW);
  const spent = (key_id: string, period: string, tokens: number) => {
    return { key_id, period, requests: 1, tokens, capacity_units: 0.25 };
  };
  const spending = [
    spent(row.id, "2026-11-21", 10),
    spent(row.id, "2026-11", 20),
    spent(row.id, "2026-11-20", 99),
    spent("key_other", "all", 99),
  ];
  expect(keyDocument(managedKey({ ...row, revoked_at: NOW }, spending, NOW))).toEqual({
    id: row.id,
    name: "ci",
    prefix: row.prefix,
    role: "inference",
    created_at: "2026-11-21T15:04:05.678Z",
    expires_at: null,
    revoked_at: "2026-11-21T15:04:05.678Z",
    limits: {},
    spent: {
      today: { requests: 1, tokens: 10, capacity_units: 0.25 },
      month: { requests: 1, tokens: 20, capacity_units: 0.25 },
      all: { requests: 0, tokens: 0, capacity_units: 0 },
    },
  });
});

describe("limits", () => {
  test.each([
    [ALL, DOCUMENT],
    [{}, {}],
    [{ budget: 0.1 }, { budget_capacity_units: 0.1 }],
  ])("%j comes back from its row and its document", (limits, document) => {
    expect(limitsFrom(storedLimits(limits))).toEqual(limits);
    expect(limitsDocument(limits)).toEqual(document);
    expect(readLimits(document)).toEqual(limits);
  });

  test.each<[document: unknown, complaint: string]>([
    [[], "limits: expected an object"],
    ["60", "limits: expected an object"],
    [{ requests_per_minute: 0 }, "limits.requests_per_minute: expected a whole number above 0"],
    [{ requests_per_minute: "60" }, "limits.requests_per_minute: expected a whole number above 0"],
    [{ tokens_per_day: 1.5 }, "limits.tokens_per_day: expected a whole number above 0"],
    [{ tokens_per_day: 1e300 }, "limits.tokens_per_day: expected a whole number above 0"],
    [{ concurrency: -1 }, "limits.concurrency: expected a whole number above 0"],
    [{ budget_capacity_units: 0 }, "limits.budget_capacity_units: expected a number above 0"],
    [{ models: "opus" }, "limits.models: expected a list of model names, which may hold *"],
    [{ models: [] }, "limits.models: expected a list of model names, which may hold *"],
    [{ models: ["a b"] }, "limits.models: expected a list of model names, which may hold *"],
    [{ models: ["a", 1] }, "limits.models: expected a list of model names, which may hold *"],
    [{ __proto__x: 1 }, "limits.__proto__x: not known; limits are models, requests_per_minute,"],
    [{ requestsPerMinute: 1 }, "limits.requestsPerMinute: not known; limits are models,"],
  ])("%j is refused", (document, complaint) => {
    expect(readLimits(document)).toContain(complaint);
  });

  test("null is none", () => {
    expect(readLimits({ requests_per_minute: null, models: null, concurrency: 2 })).toEqual({
      concurrency: 2,
    });
  });

  test.each(["", "[]", "null", '{"tokensPerDay":"many"}', '{"tokens_per_day":5}'])(
    "a row that says %s opens nothing",
    (stored) => {
      expect(() => limitsFrom(stored)).toThrow("cannot be read");
    },
  );
});

test.each(["ci", "Team Blue", "a", "größe ✓", "o'neil", "<b>x</b>", "x".repeat(100)])(
  "'%s' is a name",
  (name) => {
    expect(nameComplaint(name)).toBeUndefined();
  },
);

test.each([
  "",
  " ",
  " a",
  "a ",
  "-a",
  "a\nb",
  "a\u0000",
  "a\u001b[31m",
  "x".repeat(101),
  "local",
  "open",
  "key_0123456789ab",
])("%j is none", (name) => {
  expect(nameComplaint(name)).toBeDefined();
});
