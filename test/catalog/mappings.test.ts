import { expect, test } from "vitest";
import { mappingsOf } from "../../src/catalog/mappings.ts";
import { modelsOf } from "../../src/catalog/model.ts";
import { resolveModel } from "../../src/catalog/resolve.ts";
import { deploymentOf } from "./deployment.ts";

const MODELS = modelsOf(
  ["gpt-4.1", "gpt-5.5", "anthropic--claude-4.6-sonnet"].map((model) => deploymentOf(model)),
);
const ALIASES = {
  "*": "gpt-5.5",
  "gpt-4*": "gpt-4.1",
  "gpt-4-x": "sonnet",
  other: "gpt-4-x",
  old: "claude-sonnet-4",
};

test("most specific first, each with what a request by that name would get", () => {
  const mappings = mappingsOf(ALIASES, MODELS, { strict: false });
  expect(mappings).toEqual([
    { alias: "gpt-4-x", target: "sonnet", model: "anthropic--claude-4.6-sonnet" },
    { alias: "gpt-4*", target: "gpt-4.1", model: "gpt-4.1" },
    // A target is no alias again.
    { alias: "other", target: "gpt-4-x", model: undefined },
    { alias: "old", target: "claude-sonnet-4", model: "anthropic--claude-4.6-sonnet" },
    { alias: "*", target: "gpt-5.5", model: "gpt-5.5" },
  ]);
  for (const { alias, model } of mappings.filter((mapping) => mapping.model && !mapping.alias.includes("*")))
    expect(resolveModel(alias, MODELS, { aliases: ALIASES }).model.id).toBe(model);
});

test("strict: no other version stands in", () => {
  expect(mappingsOf({ old: "claude-sonnet-4" }, MODELS, { strict: true })[0]?.model).toBeUndefined();
});
