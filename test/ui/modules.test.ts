/** The parts of the dashboard that need no page. */
import { describe, expect, test } from "vitest";

const ASSETS = "../../src/proxy/ui/assets";
const load = <T>(name: string) => import(`${ASSETS}/${name}.js`) as Promise<T>;

interface Sse {
  EventReader: new () => { read(text: string): { event: string; data: string }[] };
}
interface RecentModule {
  Recent: new (
    most: number,
  ) => {
    list: { id: string }[];
    errors: { id: string }[];
    latency: { of: number; firstByte: Percentiles; total: Percentiles };
    add(requests: object[]): Set<string>;
  };
}
interface Percentiles {
  p50: number | undefined;
  p95: number | undefined;
}
type Format = Record<"span" | "duration" | "units" | "ago", (value: unknown, now?: number) => string> & {
  percent(part: number, all: number): string;
};
interface RangeModule {
  RANGES: { id: string; step: number; count: number }[];
  startsOf(range: object, now: number): number[];
}

const { EventReader } = await load<Sse>("sse");
const { Recent } = await load<RecentModule>("recent");
const format = await load<Format>("format");
const { RANGES, startsOf } = await load<RangeModule>("range");

describe("server-sent events", () => {
  const STREAM =
    'event: stats\ndata: {"a":1}\n\n: a comment\n\nid: 7\ndata:one\ndata: two\n\nevent: lost\n\nevent: r\r\ndata: ü\r\n\r\n';
  const EVENTS = [
    { event: "stats", data: '{"a":1}' },
    { event: "message", data: "one\ntwo" },
    { event: "r", data: "ü" },
  ];

  test.each([1, 2, 3, 7, 1_000])("are the same in pieces of %d", (size) => {
    const reader = new EventReader();
    const pieces = Array.from({ length: Math.ceil(STREAM.length / size) }, (_, at) =>
      STREAM.slice(at * size, (at + 1) * size),
    );
    expect(pieces.flatMap((piece) => reader.read(piece))).toEqual(EVENTS);
  });

  test("wait for their end", () => {
    const reader = new EventReader();
    expect(reader.read("data: half")).toEqual([]);
    expect(reader.read("\n")).toEqual([]);
    expect(reader.read("\n")).toEqual([{ event: "message", data: "half" }]);
  });
});

describe("the newest requests", () => {
  const request = (id: string, seconds: number, more = {}) => {
    const at = new Date(Date.UTC(2026, 10, 21, 12) + seconds * 1_000).toISOString();
    return { id, at, took_ms: 100, first_byte_ms: 10, outcome: "completed", status: 200, ...more };
  };

  test("are each there once, by their end, and no more than wanted", () => {
    const recent = new Recent(3);
    expect([...recent.add([request("b", 2), request("a", 1)])]).toEqual(["b", "a"]);
    expect([
      ...recent.add([request("b", 2), request("slow", 0, { took_ms: 9_000 }), request("c", 3)]),
    ]).toEqual(["slow", "c"]);
    expect(recent.list.map(({ id }) => id)).toEqual(["slow", "c", "b"]);
  });

  test("a client that left is no error, a broken answer is", () => {
    const recent = new Recent(10);
    recent.add(
      ["completed", "failed", "broken", "cancelled"].map((outcome) => request(outcome, 1, { outcome })),
    );
    expect(recent.errors.map(({ id }) => id)).toEqual(["failed", "broken"]);
  });

  test("percentiles are those of completed requests", () => {
    const recent = new Recent(200);
    expect(recent.latency).toEqual({ of: 0, firstByte: {}, total: {} });
    recent.add(
      Array.from({ length: 100 }, (_, at) => request(`r${at}`, at, { took_ms: at + 1, first_byte_ms: null })),
    );
    recent.add([request("x", 1, { took_ms: 99_999, outcome: "failed" })]);
    expect(recent.latency).toEqual({ of: 100, firstByte: {}, total: { p50: 50, p95: 95 } });
  });
});

test.each([
  ["span", 5, "5 s"],
  ["span", 0, "0 s"],
  ["span", 3_600, "1 h 0 min"],
  ["span", 93_784, "1 d 2 h"],
  ["duration", null, "–"],
  ["duration", 0, "0 ms"],
  ["duration", 840.4, "840 ms"],
  ["duration", 12_340, `${(12.3).toLocaleString()} s`],
  ["duration", 125_000, "2 min 5 s"],
  ["units", null, "–"],
  ["units", 0.012_345, (0.0123).toLocaleString(undefined, { maximumSignificantDigits: 3 })],
] as const)("%s of %j is %j", (name, value, expected) => {
  expect(format[name](value)).toBe(expected);
});

test("times are told relative to now", () => {
  const told = [0, 12, 120, 7_200, 172_800].map((seconds) => format.ago(-seconds * 1_000, 0));
  expect(told).toEqual(["now", "12s ago", "2m ago", "2h ago", "2d ago"]);
});

test("a share of nothing is none", () => {
  expect([format.percent(0, 0), format.percent(1, 4)]).toEqual([
    "–",
    (0.25).toLocaleString(undefined, { style: "percent" }),
  ]);
});

test.each(RANGES.map((range) => [range.id, range] as const))(
  "the buckets of %s are whole, and now is in the last",
  (_id, range) => {
    const now = Date.UTC(2026, 10, 21, 12, 34, 56);
    const starts = startsOf(range, now);
    expect(starts).toHaveLength(range.count);
    expect(starts.every((start) => start % range.step === 0)).toBe(true);
    expect(now - (starts.at(-1) ?? 0)).toBeLessThan(range.step);
  },
);
