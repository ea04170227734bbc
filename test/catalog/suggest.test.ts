import { describe, expect, test } from "vitest";
import { didYouMean, sameModel, suggest } from "../../src/catalog/suggest.ts";

const NAMES = [
  "anthropic--claude-4.6-opus",
  "anthropic--claude-4.6-sonnet",
  "gemini-2.5-pro",
  "gpt-4.1",
  "gpt-4o",
  "gpt-5.5",
  "text-embedding-3-small",
];

test.each([
  ["gpt-4o", "gpt-4o"],
  ["GPT-4o ", "gpt-4o"],
  ["claude-opus-4-6", "anthropic--claude-4.6-opus"],
  ["us.anthropic.claude-sonnet-4-6-20251201-v1:0", "anthropic--claude-4.6-sonnet"],
  ["gpt-4o-2024-08-06", "gpt-4o"],
  ["claude-opus-4-5", undefined],
  ["opus", undefined],
  ["", undefined],
])("%j is the same model as %j", (asked, name) => {
  expect(sameModel(asked, NAMES)).toBe(name);
});

describe("suggest", () => {
  test.each([
    ["gpt4o", ["gpt-4o"]],
    ["gpt-4.0", ["gpt-4o", "gpt-4.1"]],
    ["gpt-4o-mini", ["gpt-4o"]],
    ["sonnet", ["anthropic--claude-4.6-sonnet"]],
    ["cluade-4.6-opus", ["anthropic--claude-4.6-opus"]],
    ["gemini-pro", ["gemini-2.5-pro"]],
    ["embedding", ["text-embedding-3-small"]],
    ["llama", []],
    ["gp", []],
  ])("%j: %j", (asked, names) => {
    expect(suggest(asked, NAMES).sort()).toEqual([...names].sort());
  });

  test("says at most three, the nearest first", () => {
    const many = ["model-1", "model-12", "model-123", "model-1234"];
    expect(suggest("model", many)).toEqual(["model-1", "model-12", "model-123"]);
    expect(didYouMean("model", many)).toBe(" Did you mean model-1, model-12, or model-123?");
    expect(didYouMean("llama", many)).toBe("");
  });
});
