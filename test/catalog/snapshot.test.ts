import { expect, test } from "vitest";
import { modelsIn } from "../../src/catalog/model.ts";
import { resolveModel } from "../../src/catalog/resolve.ts";
import { parseSnapshot, type Snapshot } from "../../src/catalog/snapshot.ts";

const NOW = Date.UTC(2026, 10, 21);
const HOUR = 3_600_000;
const SNAPSHOT: Snapshot = {
  version: "1.0.0",
  savedAt: NOW - HOUR,
  profiles: ["default"],
  warnings: [],
  models: [
    { id: "anthropic--claude-4.5-sonnet", via: "deployment" },
    { id: "anthropic--claude-4.6-sonnet", via: "orchestration" },
    { id: "gpt-5", via: "deployment" },
  ],
};

test("is read back as it was written, and its names lead where the catalogue's would", () => {
  const snapshot = parseSnapshot(JSON.stringify(SNAPSHOT), "1.0.0", NOW);
  expect(snapshot).toEqual(SNAPSHOT);
  const models = modelsIn(SNAPSHOT);
  expect(models.map(({ id }) => id)).toEqual(SNAPSHOT.models.map(({ id }) => id));
  // A deployment of its own goes before a newer one through orchestration.
  expect(resolveModel("sonnet", models).model.id).toBe("anthropic--claude-4.5-sonnet");
});

test.each<[string, string]>([
  ["no JSON", "{"],
  ["no object", "[]"],
  ["nothing", "{}"],
  ["another version", JSON.stringify({ ...SNAPSHOT, version: "0.9.0" })],
  ["a day old", JSON.stringify({ ...SNAPSHOT, savedAt: NOW - 24 * HOUR })],
  ["of the future", JSON.stringify({ ...SNAPSHOT, savedAt: NOW + HOUR })],
  ["without models", JSON.stringify({ ...SNAPSHOT, models: [] })],
  ["with a model that has no id", JSON.stringify({ ...SNAPSHOT, models: [{ via: "deployment" }] })],
  ["with another way to a model", JSON.stringify({ ...SNAPSHOT, models: [{ id: "gpt-5", via: "magic" }] })],
  ["with profiles that are no texts", JSON.stringify({ ...SNAPSHOT, profiles: [1] })],
])("is ignored when it is %s", (_name, text) => {
  expect(parseSnapshot(text, "1.0.0", NOW)).toBeUndefined();
});
