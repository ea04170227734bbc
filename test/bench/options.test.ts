import { expect, test } from "vitest";
import { readOptions } from "../../bench/options.ts";

const read = (...args: string[]) => readOptions(args, ["body", "memory"]);

test.each([
  [[], { rounds: 3, share: 1, only: undefined, json: false, markdown: undefined, profile: false }],
  [["--quick"], { rounds: 1, share: 0.3 }],
  [["--quick", "--rounds", "5"], { rounds: 5, share: 0.3 }],
  [["--only", "body, memory"], { only: ["body", "memory"] }],
  [["--markdown"], { markdown: "README.md" }],
  [["--markdown", "--into", "copy.md"], { markdown: "copy.md" }],
])("%j is read", (args, options) => {
  expect(read(...args)).toMatchObject(options);
});

test.each([
  [["--rounds", "0"], "--rounds wants a number of 1 or more"],
  [["--only", "body,soul"], "there is no soul. There are body, memory."],
  [["--only", "body", "--markdown"], "--markdown wants a whole run"],
  [["--fast"], "Unknown option '--fast'"],
])("%j is refused", (args, words) => {
  expect(() => read(...args)).toThrow(words);
});
