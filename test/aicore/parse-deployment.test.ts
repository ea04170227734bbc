import { expect, test } from "vitest";
import { executableFor } from "../../src/aicore/executables.ts";
import { needsConfiguration, parseDeployment } from "../../src/aicore/parse-deployment.ts";
import type { JsonObject } from "../../src/hub/json.ts";

const CONTEXT = { resourceGroup: "default", profile: "work" };
const MODEL = { model: { name: "anthropic--claude-4.6-opus", version: "1" } };
const CONFIGURATION = {
  id: "c1",
  name: "my opus",
  executableId: "aws-bedrock",
  parameterBindings: [
    { key: "modelVersion", value: "latest" },
    { key: "modelName", value: "anthropic--claude-4.5-haiku" },
  ],
};

function foundation(details: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    id: "d1",
    scenarioId: "foundation-models",
    configurationId: "c1",
    status: "RUNNING",
    details,
    ...more,
  };
}

test("a whole entry, as live tenants send it (both spellings, no executableId)", () => {
  const json = foundation(
    {
      resources: { backendDetails: MODEL, backend_details: MODEL },
      scaling: { backendDetails: {}, backend_details: {} },
    },
    {
      configurationName: "opus",
      deploymentUrl: "https://api.sap/v2/inference/deployments/d1/",
      createdAt: "2026-06-01T08:00:00Z",
      statusMessage: "ok",
    },
  );
  expect(parseDeployment(json, CONTEXT)).toEqual({
    id: "d1",
    url: "https://api.sap/v2/inference/deployments/d1",
    model: "anthropic--claude-4.6-opus",
    modelVersion: "1",
    status: "RUNNING",
    executable: "aws-bedrock",
    scenario: "foundation-models",
    resourceGroup: "default",
    profile: "work",
    configurationName: "opus",
    createdAt: "2026-06-01T08:00:00Z",
    statusMessage: "ok",
  });
});

test.each<[string, JsonObject]>([
  ["resources.backend_details", { resources: { backend_details: MODEL } }],
  ["resources.backendDetails", { resources: { backendDetails: MODEL, backend_details: {} } }],
  ["backend_details", { backend_details: MODEL }],
  ["backendDetails", { backendDetails: MODEL, resources: null }],
  [
    "scaling.backend_details",
    { scaling: { backend_details: MODEL }, resources: { backend_details: { model: {} } } },
  ],
  ["scaling.backendDetails", { scaling: { backendDetails: MODEL } }],
])("the model's name under details.%s", (_, details) => {
  expect(needsConfiguration(foundation(details))).toBe(false);
  expect(parseDeployment(foundation(details), CONTEXT)).toMatchObject({
    model: "anthropic--claude-4.6-opus",
    modelVersion: "1",
  });
});

test("the configuration tells what the details do not", () => {
  const json = foundation({ resources: { backend_details: {} } });
  expect(needsConfiguration(json)).toBe(true);
  expect(parseDeployment(json, { ...CONTEXT, configuration: CONFIGURATION })).toMatchObject({
    model: "anthropic--claude-4.5-haiku",
    modelVersion: "latest",
    executable: "aws-bedrock",
    configurationName: "my opus",
  });
});

test("a foundation model is named by its configuration's name at last, another scenario is not", () => {
  const json = foundation({}, { configurationName: "gpt-4o" });
  expect(parseDeployment(json, CONTEXT)).toMatchObject({ model: "gpt-4o", executable: "azure-openai" });
  expect(parseDeployment({ ...json, scenarioId: "dox-llm" }, CONTEXT)).toMatchObject({
    model: undefined,
    executable: "",
  });
});

test.each<[string, JsonObject]>([
  ["scenarioId orchestration", { scenarioId: "orchestration" }],
  ["scenarioId llm-orchestration", { scenarioId: "llm-orchestration" }],
  ["executableId orchestration", { executableId: "orchestration" }],
])("orchestration by %s", (_, ids) => {
  const json = {
    id: "d2",
    configurationId: "c2",
    configurationName: "defaultOrchestrationConfig",
    details: {},
    ...ids,
  };
  expect(needsConfiguration(json)).toBe(false);
  expect(parseDeployment(json, CONTEXT)).toMatchObject({
    model: undefined,
    executable: "orchestration",
    scenario: "orchestration",
  });
});

test("an entry of nothing is a deployment of nothing", () => {
  expect(parseDeployment({ details: null }, CONTEXT)).toMatchObject({
    id: "",
    url: "",
    model: undefined,
    status: "UNKNOWN",
  });
});

test.each([
  ["anthropic--claude-4.6-opus", "aws-bedrock"],
  ["amazon--nova-pro", "aws-bedrock"],
  ["gpt-5.5", "azure-openai"],
  ["o3-mini", "azure-openai"],
  ["text-embedding-3-small", "azure-openai"],
  ["gemini-2.5-pro", "gcp-vertexai"],
  ["sonar-pro", "perplexity-ai"],
  ["cohere--command-a-reasoning", "aicore-cohere"],
  ["cohere-reranker", "aicore-cohere"],
  ["mistralai--mistral-medium-instruct", "aicore-mistralai"],
  ["mistralai--mixtral-8x7b-instruct-v01", "aicore-opensource"],
  ["meta--llama3.1-70b-instruct", "aicore-opensource"],
  ["nvidia--llama-3.2-nv-embedqa-1b", "aicore-nvidia"],
  ["ibm--granite-13b-chat", "aicore-ibm"],
  ["sap-rpt-1-small", "aicore-sap"],
  ["new-maker--new", "aicore-opensource"],
])("%s is served by %s", (model, executable) => {
  expect(executableFor(model)).toBe(executable);
});
