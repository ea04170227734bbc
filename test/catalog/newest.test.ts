import { expect, test } from "vitest";
import { isSmall, newestFirst } from "../../src/catalog/newest.ts";

/** Each line as it should come out, and a tenant that lists it the other way round. */
test.each([
  [["gpt-5.10", "gpt-5.5", "gpt-5.3-codex", "gpt-5", "gpt-4.1", "gpt-4o", "gpt-35-turbo"]],
  [["gpt-5", "gpt-oss-120b", "gpt-5-mini", "gpt-5-nano", "gpt-4.1-mini"]],
  [["gpt-4.1", "o4-mini"]],
  [["gemini-2.5-pro", "gemini-3.5-flash", "gemini-2.5-flash", "gemini-2.5-flash-lite"]],
  [["amazon--nova-pro", "amazon--nova-lite", "amazon--nova-micro"]],
])("newest first: %j", (sorted) => {
  expect([...sorted].reverse().sort(newestFirst)).toEqual(sorted);
});

test.each([
  ["gpt-5-mini", true],
  ["gemini-2.5-flash", true],
  ["anthropic--claude-4.5-haiku", true],
  ["gemini-2.5-pro", false],
  ["mistralai--ministral", false],
])("%s is a small model: %s", (id, small) => {
  expect(isSmall(id)).toBe(small);
});
