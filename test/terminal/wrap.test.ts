import { expect, test } from "vitest";
import { count } from "../../src/terminal/count.ts";
import { renderFields } from "../../src/terminal/fields.ts";
import { wrap } from "../../src/terminal/wrap.ts";

test.each([
  ["short enough", 20, "short enough"],
  ["one two three four", 9, "one two\nthree\nfour"],
  ["each line\nby itself, whatever it is", 15, "each line\nby itself,\nwhatever it is"],
  ["a /path/that/is/longer/than/a/line here", 10, "a\n/path/that/is/longer/than/a/line\nhere"],
  ["  laid out already: stays as it is", 10, "  laid out already: stays as it is"],
  ["Remove it with `aicore logout`.", 24, "Remove it with\n`aicore logout`."],
  [
    "See it: aicore deployments get d1. Wait longer.",
    30,
    "See it:\naicore deployments get d1.\nWait longer.",
  ],
  ["Next: aicore claude, or aicore models list", 38, "Next: aicore claude, or\naicore models list"],
  ["Install it with: npm install -g a-tool", 30, "Install it with:\nnpm install -g a-tool"],
  ["Map it: aicore models map x gpt-4.1", 20, "Map it:\naicore models map x gpt-4.1"],
])("%j in %i columns", (text, width, lines) => {
  expect(wrap(text, width)).toBe(lines);
});

test("on a pipe nothing is broken", () => {
  expect(wrap("a very long line of words", undefined)).toBe("a very long line of words");
});

test("a field goes on below its beginning", () => {
  const rows = [
    ["Id", "d1"],
    ["Resource", "a text of words"],
    ["Nothing", ""],
  ] as const;
  expect(renderFields(rows, 20)).toBe("Id        d1\nResource  a text of\n          words\n");
  expect(renderFields(rows)).toBe("Id        d1\nResource  a text of words\n");
});

test.each([
  [0, "0 models"],
  [1, "1 model"],
  [23, "23 models"],
])("%i: %s", (number, text) => {
  expect(count(number, "model")).toBe(text);
});
