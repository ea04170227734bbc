import { expect, test } from "vitest";
import { isWholeJson } from "../../src/terminal/prompt.ts";

test.each([
  ['{"a":1}', true],
  ['{\n  "a": {"b": 2}\n}', true],
  ['{\n  "a": {"b": 2}', false],
  ['Getting key mine...\n\n{"a":"}"}', true],
  ['{"a":"}', false],
  ["Getting key\n", true],
  ["\n", false],
  ['{"a": oops}\n', false],
  ['{"a": oops}\n\n', true],
])("%j is a whole key: %s", (text, whole) => {
  expect(isWholeJson(text)).toBe(whole);
});
