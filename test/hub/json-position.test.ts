import { expect, test } from "vitest";
import { jsonErrorPosition } from "../../src/hub/json-position.ts";

test.each([
  ["nope", 1, 1],
  ['{"a":1,}', 1, 8],
  ['{"a"', 1, 5],
  ['{"a":tru}', 1, 6],
  ["{a:1}", 1, 2],
  ["[1,2", 1, 5],
  ['{"a":1}}', 1, 8],
  ['{\n  "a": 1,\n  b: 2\n}', 3, 3],
  ['{"a": "x\ny"}', 1, 7],
  ['["\\q"]', 1, 2],
  ["[1 2]", 1, 4],
  ["{]", 1, 2],
  ["01", 1, 2],
  ["", 1, 1],
  ['{"key": "value"', 1, 16],
  ["\ufeff{}", 1, 1],
  ['{"a":\u00a01}', 1, 6],
  ['["\u007f\u0085",}', 1, 7],
  ['["\\u12x4"]', 1, 2],
  [`[1${" ".repeat(5_000)}x]`, 1, 5_003],
])("%j fails at line %i, column %i", (text, line, column) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(jsonErrorPosition(text)).toEqual({ line, column });
});
