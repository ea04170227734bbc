import { expect, test } from "vitest";
import { modelsOf } from "../../src/catalog/model.ts";
import { resolveModel } from "../../src/catalog/resolve.ts";
import { deploymentOf } from "./deployment.ts";

const OPUS = "anthropic--claude-4.6-opus";

test("only what is RUNNING and has a URL can be asked for", () => {
  const models = modelsOf([
    deploymentOf("gpt-4o"),
    deploymentOf("gpt-5", { status: "STOPPED" }),
    deploymentOf("gpt-5", { status: "PENDING", url: "" }),
    deploymentOf("gemini-2.5-pro", { url: "" }),
  ]);
  expect(models.map(({ id }) => id)).toEqual(["gpt-4o"]);
});

test("deployments of one model stand together, newest first, over all profiles and spellings", () => {
  const [model, ...more] = modelsOf([
    deploymentOf(OPUS, { id: "old", createdAt: "2026-01-01T00:00:00Z" }),
    deploymentOf(OPUS, { id: "new", createdAt: "2026-07-01T00:00:00Z", profile: "second" }),
    deploymentOf("Anthropic--Claude-4.6-Opus", { id: "middle", createdAt: "2026-03-01T00:00:00Z" }),
  ]);
  expect(model?.deployments.map(({ id }) => id)).toEqual(["new", "middle", "old"]);
  expect(more).toEqual([]);
});

test("aliases: the client's id, and the family's name for the newest", () => {
  const models = modelsOf([
    deploymentOf(OPUS),
    deploymentOf("anthropic--claude-4.5-opus"),
    deploymentOf("gpt-5"),
  ]);
  expect(models.map(({ id, aliases }) => [id, aliases])).toEqual([
    ["anthropic--claude-4.5-opus", ["claude-opus-4-5"]],
    [OPUS, ["claude-opus-4-6", "opus"]],
    ["gpt-5", []],
  ]);
});

test("every alias leads back to its model", () => {
  const names = [
    OPUS,
    "anthropic--claude-3.7-sonnet",
    "anthropic--claude-fable-5",
    "amazon--nova-pro",
    "gpt-5",
  ];
  const models = modelsOf(names.map((name) => deploymentOf(name)));
  for (const model of models) {
    for (const alias of model.aliases) expect(resolveModel(alias, models).model.id).toBe(model.id);
  }
});

test("orchestration serves what has no deployment of its own, per profile", () => {
  const models = modelsOf(
    [
      deploymentOf(undefined, { id: "orch" }),
      deploymentOf(undefined, { id: "other", profile: "second" }),
      deploymentOf(OPUS),
    ],
    new Map([["default", [OPUS, "anthropic--claude-4.8-opus", "gpt-4o"]]]),
  );
  expect(models.map(({ id, via, deployments }) => [id, via, deployments.map((each) => each.id)])).toEqual([
    [OPUS, "deployment", [`d-${OPUS}`]],
    ["anthropic--claude-4.8-opus", "orchestration", ["orch"]],
    ["gpt-4o", "orchestration", ["orch"]],
  ]);
  expect(resolveModel("claude-opus-4-8", models).model.id).toBe("anthropic--claude-4.8-opus");
  // An older deployment before a newer one through orchestration.
  expect(resolveModel("opus", models).model.id).toBe(OPUS);
  expect(resolveModel("claude-opus-9", models).model.id).toBe(OPUS);
});
