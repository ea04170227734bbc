import { expect, test } from "vitest";
import { modelsOf } from "../../src/catalog/model.ts";
import { type ResolveOptions, resolveModel } from "../../src/catalog/resolve.ts";
import { ApiError } from "../../src/errors.ts";
import { deploymentOf } from "./deployment.ts";

const models = (...names: string[]) => modelsOf(names.map((name) => deploymentOf(name)));

const TENANT = [
  "anthropic--claude-4.8-opus",
  "anthropic--claude-4.7-opus",
  "anthropic--claude-4.6-opus",
  "anthropic--claude-4.5-opus",
  "anthropic--claude-4-opus",
  "anthropic--claude-3-opus",
  "anthropic--claude-4.6-sonnet",
  "anthropic--claude-4.5-sonnet",
  "anthropic--claude-4-sonnet",
  "anthropic--claude-3.7-sonnet",
  "anthropic--claude-3.5-sonnet",
  "anthropic--claude-4.5-haiku",
  "anthropic--claude-3-haiku",
  "amazon--nova-pro",
  "gpt-5",
  "gpt-5.3-codex",
  "gpt-4o",
  "gemini-2.5-pro",
  "gemini-2.5-flash-lite",
  "text-embedding-3-small",
  "mistralai--mixtral-8x7b-instruct-v01",
];

/** protocol notes 5.3 on a tenant that has everything; a dash: no such model, for DESIGN 8 swaps none. */
const CASES: [string, string, string?][] = [
  ["claude-opus-4-8", "anthropic--claude-4.8-opus"],
  ["claude-opus-4-7", "anthropic--claude-4.7-opus"],
  ["claude-opus-4-6", "anthropic--claude-4.6-opus"],
  ["claude-opus-4-5-20251101", "anthropic--claude-4.5-opus"],
  ["claude-opus-4-1-20250805", "anthropic--claude-4.8-opus", "family"],
  ["claude-opus-4-20250514", "anthropic--claude-4-opus"],
  ["claude-opus-4-0", "anthropic--claude-4-opus"],
  ["claude-opus-5-5", "anthropic--claude-4.8-opus", "family"],
  ["claude-sonnet-4-6", "anthropic--claude-4.6-sonnet"],
  ["claude-sonnet-4-5-20250929", "anthropic--claude-4.5-sonnet"],
  ["claude-sonnet-4-20250514", "anthropic--claude-4-sonnet"],
  ["claude-sonnet-4-0", "anthropic--claude-4-sonnet"],
  ["claude-sonnet-5-5", "anthropic--claude-4.6-sonnet", "family"],
  ["claude-haiku-4-5-20251001", "anthropic--claude-4.5-haiku"],
  ["claude-haiku-4-5", "anthropic--claude-4.5-haiku"],
  ["claude-3-7-sonnet-20250219", "anthropic--claude-3.7-sonnet"],
  ["claude-3-5-sonnet-20241022", "anthropic--claude-3.5-sonnet"],
  ["claude-3-5-sonnet-20240620", "anthropic--claude-3.5-sonnet"],
  ["claude-3-5-haiku-20241022", "anthropic--claude-4.5-haiku", "family"],
  ["claude-3-opus-20240229", "anthropic--claude-3-opus"],
  ["claude-3-haiku-20240307", "anthropic--claude-3-haiku"],
  ["opus", "anthropic--claude-4.8-opus"],
  ["opus[1m]", "anthropic--claude-4.8-opus"],
  ["sonnet", "anthropic--claude-4.6-sonnet"],
  ["haiku", "anthropic--claude-4.5-haiku"],
  ["default", "anthropic--claude-4.8-opus"],
  ["best", "anthropic--claude-4.8-opus"],
  ["opusplan", "anthropic--claude-4.6-sonnet"],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic--claude-4.5-sonnet"],
  ["claude-sonnet-4-5@20250929", "anthropic--claude-4.5-sonnet"],
  ["ANTHROPIC--Claude-4.6-Opus", "anthropic--claude-4.6-opus"],
  ["gpt-5", "gpt-5"],
  ["gpt-5-2025-08-07", "gpt-5"],
  ["openai/gpt-5", "gpt-5"],
  ["gpt-5.3-codex", "gpt-5.3-codex"],
  ["gpt-5-codex", "-"],
  ["gpt-5.1", "-"],
  ["gpt-4o-2024-11-20", "gpt-4o"],
  ["chatgpt-4o-latest", "gpt-4o"],
  ["models/gemini-2.5-pro", "gemini-2.5-pro"],
  ["gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"],
  ["gemini-2.5-flash-lite-preview-06-17", "gemini-2.5-flash-lite"],
  ["gemini-2.5-flash", "-"],
  ["text-embedding-ada-002", "-"],
  ["us.amazon.nova-pro-v1:0", "amazon--nova-pro"],
  ["nova-pro", "amazon--nova-pro"],
  ["mistralai--mixtral-8x7b-instruct-v01", "mistralai--mixtral-8x7b-instruct-v01"],
  ["claude-fable-5", "-"],
  ["constructor", "-"],
];

test.each(CASES)("%s → %s %s", (requested, id, why = "exact") => {
  const resolve = () => resolveModel(requested, models(...TENANT));
  if (id === "-") expect(resolve).toThrow(`model '${requested}' is not deployed`);
  else expect(resolve()).toMatchObject({ requested, model: { id }, why, deployments: [{ model: id }] });
});

test("an Opus that SAP never listed goes to the Opus that is there", () => {
  const resolution = resolveModel("claude-opus-4-1-20250805", models("anthropic--claude-4-opus"));
  expect(resolution).toMatchObject({ model: { id: "anthropic--claude-4-opus" }, why: "family" });
});

test("versions compare as numbers", () => {
  const deployed = models(
    "anthropic--claude-4.9-opus",
    "anthropic--claude-4.10-opus",
    "anthropic--claude-4-opus",
  );
  expect(resolveModel("opus", deployed).model.id).toBe("anthropic--claude-4.10-opus");
});

test.each(["haiku", "claude-haiku-4-5", "claude-3-haiku-20240307"])(
  "%s never goes to another family",
  (name) => {
    expect(() => resolveModel(name, models("anthropic--claude-4.6-opus", "gpt-5"))).toThrow(ApiError);
  },
);

test("strict takes no stand-in, but still the newest where a family is asked for", () => {
  const deployed = models("anthropic--claude-4.6-opus");
  expect(() => resolveModel("claude-opus-4-8", deployed, { strict: true })).toThrow(ApiError);
  expect(resolveModel("opus", deployed, { strict: true }).model.id).toBe("anthropic--claude-4.6-opus");
});

const ALIASES: ResolveOptions = {
  aliases: {
    "gpt-*": "gpt-5",
    "gpt-4*": "gpt-4o",
    "my.model": "claude-sonnet-4-5",
    opus: "anthropic--claude-4.6-opus",
    "*-mini": "haiku",
    "long-*": "sonnet[1m]",
    lost: "nowhere",
    "claude-opus-4-7": "claude-opus-9",
  },
};

test.each([
  ["gpt-3.5-turbo", "gpt-5", "alias"],
  ["gpt-4-turbo", "gpt-4o", "alias"],
  ["GPT-4o", "gpt-4o", "alias"],
  ["my.model", "anthropic--claude-4.5-sonnet", "alias"],
  ["opus", "anthropic--claude-4.6-opus", "alias"],
  ["opus[1m]", "anthropic--claude-4.6-opus", "alias"],
  ["o9-mini", "anthropic--claude-4.5-haiku", "alias"],
  ["claude-opus-4-7", "anthropic--claude-4.8-opus", "family"],
  ["sonnet", "anthropic--claude-4.6-sonnet", "exact"],
])("with aliases %s → %s (%s)", (requested, id, why) => {
  expect(resolveModel(requested, models(...TENANT), ALIASES)).toMatchObject({
    requested,
    model: { id },
    why,
  });
});

test("an alias to nothing is a miss of the name that was asked for", () => {
  expect(() => resolveModel("lost", models(...TENANT), ALIASES)).toThrow(
    "model 'lost', mapped to 'nowhere', is not deployed",
  );
  expect(() => resolveModel("myxmodel", models(...TENANT), ALIASES)).toThrow("model 'myxmodel'");
});

test.each([
  ["claude-sonnet-4-5[1m]", true],
  ["opus[1m]", true],
  ["long-one", true],
  ["claude-sonnet-4-5", false],
])("%s asks for the long context: %s", (requested, longContext) => {
  expect(resolveModel(requested, models(...TENANT), ALIASES).longContext).toBe(longContext);
});

test("a miss lists what is there, ten at most, and where it was looked for", () => {
  const names = Array.from({ length: 12 }, (_, nth) => `model-${nth}`);
  const options = { resourceGroups: ["default", "team"] };
  expect(() => resolveModel("x", models(...names), options)).toThrow(
    "model 'x' is not deployed in resource group 'default', 'team'. " +
      "Available: model-0, model-1, model-2, model-3, model-4, model-5, model-6, model-7, model-8, model-9, and 2 more.",
  );
  expect(() => resolveModel("x", [])).toThrow("model 'x' is not deployed. No model is deployed there.");
});

test.each([
  ["gpt-4o", " Did you mean gpt-4.1?"],
  ["sonet", " Did you mean sonnet?"],
  ["claude-sonet-4-6", " Did you mean claude-sonnet-4-6?"],
  ["llama-3", ""],
])("a miss tells what was probably meant: %s", (requested, told) => {
  const deployed = models("anthropic--claude-4.6-sonnet", "gpt-4.1");
  expect(() => resolveModel(requested, deployed)).toThrow(
    new RegExp(`Available: anthropic--claude-4\\.6-sonnet, gpt-4\\.1\\.${told.replace(/[?.]/g, "\\$&")}$`),
  );
});

test("a miss is a 404 of ours", () => {
  try {
    resolveModel("x", []);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({
      status: 404,
      type: "not_found_error",
      origin: "aicore",
      reason: "model_not_found",
    });
  }
});

test.each<[string, string | undefined, boolean?]>([
  ["gemini-9-flash-lite", "gemini-2.5-flash-lite"],
  ["gemini-9-pro", "gemini-2.5-pro"],
  ["gemini-2.5-pro", "gemini-2.5-pro"],
  ["gpt-9", undefined],
  ["gemini-9-pro", undefined, true],
])("where %s leads to nothing, %s stands in for it", (requested, id, strict = false) => {
  const standIns = { "gemini-*": "gemini-2.5-pro", "gemini-*-flash*": "gemini-2.5-flash-lite" };
  const resolve = () => resolveModel(requested, models(...TENANT), { standIns, strict });
  if (id === undefined) expect(resolve).toThrow(ApiError);
  else expect(resolve().model.id).toBe(id);
});
