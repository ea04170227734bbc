import { expect, test } from "vitest";
import type { LogEntry } from "../../src/log.ts";
import { PLAIN } from "../../src/terminal/colors.ts";
import { prettyLine } from "../../src/terminal/log-line.ts";

const ENTRY: LogEntry = {
  time: new Date(2026, 10, 21, 15, 4, 5),
  level: "info",
  message: "completed",
  fields: {
    model: "gpt-4.1",
    status: 200,
    stream: false,
    cache_read: 0,
    key: "a b",
    request: "req_0123456789abcdef",
  },
};

test.each([
  [undefined, '15:04:05 info  completed model=gpt-4.1 status=200 key="a b" request=req_0123456789abcdef'],
  [70, '15:04:05 info  completed model=gpt-4.1 status=200 key="a b" request=req'.slice(0, 70)],
  [10, '15:04:05 info  completed model=gpt-4.1 status=200 key="a b" re'.slice(0, 60)],
])("an entry on a terminal of %s columns", (columns, line) => {
  expect(prettyLine(PLAIN, () => columns)(ENTRY)).toBe(line);
});

test("a message is never cut", () => {
  const message = "a ".repeat(60).trim();
  expect(prettyLine(PLAIN, () => 80)({ ...ENTRY, message })).toBe(`15:04:05 info  ${message}`);
});
