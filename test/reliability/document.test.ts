/** docs/reliability.md has every fault once, and the tests that it cites for one are tests of that one. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const DOCUMENT = join(import.meta.dirname, "../../docs/reliability.md");
const rows = readFileSync(DOCUMENT, "utf8")
  .split("\n")
  .filter((line) => /^\| F\d+ /.test(line))
  .map((line) => ({
    fault: /F\d+/.exec(line)?.[0] ?? "",
    tests: [...line.matchAll(/\]\((\S+?\.test\.ts)\)/g)].map(([, path = ""]) => path),
    applies: !line.includes("not applicable"),
  }));

test("F1 to F61, each once and in order", () => {
  expect(rows.map(({ fault }) => fault)).toEqual(Array.from({ length: 61 }, (_, at) => `F${at + 1}`));
});

test.each(rows)("$fault is tested where the document says", ({ fault, tests, applies }) => {
  expect(tests.length > 0).toBe(applies);
  for (const path of tests) {
    const file = join(dirname(DOCUMENT), path);
    expect(existsSync(file), path).toBe(true);
    expect(readFileSync(file, "utf8"), path).toMatch(new RegExp(`\\b${fault}\\b`));
  }
});
