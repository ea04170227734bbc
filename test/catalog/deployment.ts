import type { Deployment } from "../../src/aicore/deployment.ts";

/** A RUNNING deployment of a model, or of orchestration when the model is left out. */
export function deploymentOf(model: string | undefined, given: Partial<Deployment> = {}): Deployment {
  return {
    id: `d-${model ?? "orchestration"}`,
    url: "https://api.sap/v2/inference/deployments/d",
    model,
    modelVersion: "latest",
    status: "RUNNING",
    executable: model === undefined ? "orchestration" : "aws-bedrock",
    scenario: model === undefined ? "orchestration" : "foundation-models",
    resourceGroup: "default",
    profile: "default",
    configurationName: "",
    createdAt: "2026-06-01T08:00:00Z",
    statusMessage: "",
    ...given,
  };
}
