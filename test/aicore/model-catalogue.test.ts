import { expect, onTestFinished, test } from "vitest";
import { AicoreClient } from "../../src/aicore/client.ts";
import { readModelCatalogue } from "../../src/aicore/model-catalogue.ts";
import { readServiceKey } from "../../src/config/service-key.ts";
import type { Json } from "../../src/hub/json.ts";
import { silentLogger } from "../../src/log.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { openNetwork, tenantFor } from "./fake-sap.ts";

/** The catalogue as the client reads it, from these rows of the sandbox's answer. */
async function read(resources?: Json[]) {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  if (resources)
    sandbox.faults.add({ path: "/models", status: 200, body: { count: resources.length, resources } });
  const { credentials } = readServiceKey(sandbox.serviceKey);
  const tenant = tenantFor(sandbox.url, { credentials, resourceGroup: "default" });
  return await readModelCatalogue(new AicoreClient({ tenant, network: openNetwork(), log: silentLogger }));
}

test("reads a catalogue, sorted by name as people count", async () => {
  const models = await read();
  const names = models.map(({ name }) => name);
  expect(names.indexOf("anthropic--claude-3-haiku")).toBeLessThan(
    names.indexOf("anthropic--claude-4.5-haiku"),
  );
  expect(models.find(({ name }) => name === "gpt-4o")).toMatchObject({
    displayName: "GPT-4o",
    executable: "azure-openai",
    scenarios: ["foundation-models", "orchestration"],
    versions: [
      { name: "2024-11-20", isLatest: true, deprecated: false, retirementDate: undefined },
      { name: "2024-08-06", isLatest: false, deprecated: true, retirementDate: "2027-01-31T00:00:00Z" },
    ],
  });
});

test.each<[string, Json, number | undefined, number | undefined]>([
  // SAP's documented example and the factor: 0.00312 and 0.0092 GenAI tokens, 1.90385 capacity units each.
  ["the documented shape", [{ inputCost: "0.00312" }, { outputCost: "0.0092" }], 5.94, 17.5154],
  ["one object", [{ inputCost: "0.00079", outputCost: "0" }], 1.504, 0],
  ["numbers", [{ inputCost: 0.001 }], 1.9039, undefined],
  ["none", [], undefined, undefined],
  ["no list", "0.1", undefined, undefined],
  ["no numbers", [{ inputCost: "free" }, { outputCost: "" }], undefined, undefined],
])("prices: %s", async (_name, cost, input, output) => {
  const [model] = await read([{ model: "m", executableId: "e", versions: [{ name: "1", cost }] }]);
  expect(model?.versions[0]?.price).toEqual({ input, output });
});

test("takes what is there, and the executable of the scenario that deploys", async () => {
  const [bare, own] = await read([
    { model: "a" },
    {
      model: "b",
      executableId: "orchestration",
      allowedScenarios: [{ scenarioId: "foundation-models", executableId: "azure-openai" }],
      versions: [{ name: "1", retirementDate: "" }],
    },
    { displayName: "nameless" },
  ]);
  expect(bare).toEqual({
    name: "a",
    displayName: "a",
    provider: "",
    executable: "",
    scenarios: [],
    versions: [],
  });
  expect(own?.executable).toBe("azure-openai");
  expect(own?.versions[0]).toMatchObject({
    retirementDate: undefined,
    streaming: undefined,
    contextLength: undefined,
  });
});
