import { afterEach, expect, test, vi } from "vitest";
import { newRequestId } from "../../src/proxy/exchange.ts";

afterEach(() => void vi.useRealTimers());

test("ids are hex, and no two are the same", () => {
  const ids = Array.from({ length: 10_000 }, newRequestId);
  expect(new Set(ids).size).toBe(10_000);
  for (const id of ids) expect(id).toMatch(/^req_[0-9a-f]{24}$/);
});

test("a later id is a greater one, so that the database finds its place beside the last", () => {
  vi.useFakeTimers();
  const ids = [0, 1, Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 21) + 1, Date.UTC(9999, 1)].map((at) => {
    vi.setSystemTime(at);
    return newRequestId();
  });
  expect(ids).toEqual(ids.toSorted());
  expect(ids[2]?.slice(4, 16)).toBe(Date.UTC(2026, 10, 21).toString(16).padStart(12, "0"));
});
