import { expect, test } from "vitest";
import { linesOf, showsSymbols } from "../../src/commands/doctor-lines.ts";
import { type Outcome, ok, warn } from "../../src/doctor/check.ts";
import { PLAIN } from "../../src/terminal/colors.ts";

const TROUBLE: Outcome = warn("Something is not as it should be.", "Do this.\nOr do that.", ["one of many"]);
const lines = (outcome: Outcome, width?: number, symbols = width !== undefined) =>
  linesOf("Title", outcome, { paint: PLAIN, width, symbols, titles: 8 });

test("on a pipe: a word, one line, the rest below it", () => {
  expect(lines(ok("fine"))).toBe("ok   Title: fine\n");
  expect(lines(TROUBLE)).toBe(
    "warn Title: Something is not as it should be.\n      one of many\n      fix: Do this.\n      Or do that.\n",
  );
});

test("on a terminal: a symbol, columns, wrapped", () => {
  expect(lines(ok("fine"), 80)).toBe("✔ Title     fine\n");
  expect(lines({ status: "fail", message: "word ".repeat(12), fix: "Do this." }, 55)).toBe(
    `✖ Title     ${"word ".repeat(8).trim()}\n${" ".repeat(12)}word word word word\n${" ".repeat(12)}→ Do this.\n`,
  );
});

test("on a narrow terminal: texts below their titles, no line too long", () => {
  const shown = lines(TROUBLE, 30);
  expect(shown.startsWith("! Title\n  Something is not as it\n  should be.\n")).toBe(true);
  expect(shown.split("\n").every((line) => line.length <= 30)).toBe(true);
});

test("words from elsewhere drive no terminal and show no secret", () => {
  expect(lines(ok("\u001b[2Jaicl_0123456789 and\nmore"))).toBe("ok   Title: [api key] and more\n");
});

test.each<[NodeJS.ProcessEnv, NodeJS.Platform, boolean]>([
  [{ LANG: "en_US.UTF-8" }, "linux", true],
  [{ LANG: "C.utf8" }, "linux", true],
  [{ LANG: "C" }, "linux", false],
  [{ LC_ALL: "C", LANG: "en_US.UTF-8" }, "linux", false],
  [{}, "linux", false],
  [{}, "win32", true],
])("symbols with %j on %s: %s", (env, platform, shows) => {
  expect(showsSymbols(env, platform)).toBe(shows);
});
