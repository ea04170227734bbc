import { expect, test } from "vitest";
import { elapsed } from "../../src/terminal/duration.ts";
import { renderFields } from "../../src/terminal/fields.ts";

test.each([
  [-5, "0s"],
  [59_999, "59s"],
  [65_000, "1m 05s"],
  [3_600_000, "1h 00m"],
  [7_530_000, "2h 05m"],
])("%i ms are %s", (milliseconds, text) => {
  expect(elapsed(milliseconds)).toBe(text);
});

test("fields are aligned, those without a text left out, remote words cleaned", () => {
  const rows = [
    ["Id", "d1"],
    ["Message", "bad\u001b[31m\nword"],
    ["Nothing", ""],
    ["Unknown", undefined],
  ] as const;
  expect(renderFields(rows)).toBe("Id       d1\nMessage  bad word\n");
});
