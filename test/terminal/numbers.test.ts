import { describe, expect, test } from "vitest";
import { bar, showsBlocks } from "../../src/terminal/bar.ts";
import { toCsv } from "../../src/terminal/csv.ts";
import { amountsLike } from "../../src/terminal/numbers.ts";

test.each([
  [1_234.5, [1_234.5, 0.5, 0.004, 0], ["1,234.50", "0.50", "<0.01", "0.00"]],
  [0.5, [0.5, 0.00004, 0], ["0.5000", "<0.0001", "0.0000"]],
])("amounts beside %d", (largest, values, texts) => {
  expect(values.map(amountsLike(largest))).toEqual(texts);
});

describe("bars", () => {
  test.each([
    [1, true, "████"],
    [0.5, true, "██"],
    [0.4, true, "█▋"],
    [0.0001, true, "▏"],
    [0, true, ""],
    [Number.NaN, true, ""],
    [2, true, "████"],
    [0.5, false, "##"],
    [0.0001, false, "#"],
    [0, false, ""],
  ])("%d of four letters, blocks: %s", (part, blocks, text) => {
    expect(bar(part, 4, blocks)).toBe(text);
  });

  test.each([
    [{ LANG: "C.UTF-8" }, "linux", true],
    [{ LANG: "en_US.utf8" }, "linux", true],
    [{ LANG: "de_DE.UTF-8", LC_ALL: "C" }, "linux", false],
    [{}, "linux", false],
    [{}, "win32", true],
    [{ LANG: "C.UTF-8", TERM: "dumb" }, "linux", false],
  ] as const)("blocks with %j on %s", (env, platform, shows) => {
    expect(showsBlocks(env, platform)).toBe(shows);
  });
});

test("CSV quotes what has to be, and lets no text begin a formula", () => {
  const rows = [
    ["plain", 1, null],
    ['a "b", c', 0.5, ""],
    ["=HYPERLINK(1)", -1, "@x"],
    ["\u001b[31mred\nline", 2, "-"],
  ];
  expect(toCsv(["name", "n", "m"], rows)).toBe(
    ["name,n,m", "plain,1,", '"a ""b"", c",0.5,', "'=HYPERLINK(1),-1,'@x", "red line,2,'-", ""].join("\n"),
  );
});
