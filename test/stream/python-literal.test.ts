import { expect, test } from "vitest";
import type { Json } from "../../src/hub/json.ts";
import { repr } from "../../src/sandbox/python-repr.ts";
import { parsePythonLiteral } from "../../src/stream/python-literal.ts";

test.each<[text: string, value: Json]>([
  ["{}", {}],
  ["[]", []],
  ["()", []],
  ["(1,)", [1]],
  ["{'a': {'b': [1, (2, 3)]}, 'c': None}", { a: { b: [1, [2, 3]] }, c: null }],
  ["[True, False, None]", [true, false, null]],
  ["[0, -7, 1.5, 1e+16, -2.5e-07]", [0, -7, 1.5, 1e16, -2.5e-7]],
  ["[nan, inf, -inf]", [null, null, null]],
  ["''", ""],
  [`"it's"`, "it's"],
  [`'say "hi"'`, 'say "hi"'],
  [`'it\\'s "both"'`, 'it\'s "both"'],
  [`'{"a": True, \\'b\\': None}'`, `{"a": True, 'b': None}`],
  ["'a\\nb\\tc\\\\n\\r'", "a\nb\tc\\n\r"],
  ["'\\x00\\x1b\\xfc\\xA0'", "\0\u001b\u00fc\u00a0"],
  ["'\\u200b\\ud83d'", "\u200b\ud83d"],
  ["'\\U0001f600 \\U000E0001'", "\u{1f600} \u{e0001}"],
  ["'Größe ✓ 👩‍👩‍👧'", "Größe ✓ 👩‍👩‍👧"],
  ["{'__proto__': 1}", JSON.parse('{"__proto__": 1}')],
  [" { 'a' : 1 } ", { a: 1 }],
])("%s", (text, value) => {
  expect(parsePythonLiteral(text)).toEqual(value);
});

test.each([
  ["", 0],
  ["{", 1],
  ["{'a'}", 4],
  ["{'a': 1", 7],
  ["{a: 1}", 1],
  ["{1: 2}", 1],
  ["['a' 'b']", 5],
  ["'open", 5],
  ["'a\nb'", 2],
  ["'\\q'", 1],
  ["'\\x4'", 1],
  ["'\\U00110000'", 11],
  ["[1, 2)", 5],
  ["{} {}", 3],
  ["__import__('os')", 0],
  ["print(1)", 0],
  ["true", 0],
  ["null", 0],
  ["b'bytes'", 0],
])("%j is not a literal: position %i", (text, position) => {
  expect(() => parsePythonLiteral(text)).toThrow(
    new SyntaxError(`not a Python literal at position ${position}`),
  );
});

test("whatever Python would write is read back", () => {
  const values: Json[] = [
    `'"\\\n\r\t\0\u007f\u00a0\u00ad\u2028\u{1f600}\u{e0001}`,
    { "key 'one'": [true, null, -1.25, "it's", 'a "b"', "\\'"], deep: { er: {} } },
  ];
  for (const value of values) expect(parsePythonLiteral(repr(value))).toEqual(value);
});
