/** What an agent is told at a launch, on a tenant that has given models. */
import { agentModel, isUsable } from "../../src/agents/choice.ts";
import type { LaunchOptions } from "../../src/agents/types.ts";
import { modelsOf } from "../../src/catalog/model.ts";
import { resolveModel } from "../../src/catalog/resolve.ts";
import { deploymentOf } from "../catalog/deployment.ts";

export function optionsOf(deployed: string[], given: Partial<LaunchOptions> = {}): LaunchOptions {
  const models = modelsOf(deployed.map((name) => deploymentOf(name)));
  return {
    url: "http://127.0.0.1:4711",
    key: "aicl_test",
    models: models.map(({ id }) => agentModel(id)).filter(isUsable),
    find: async (name) => {
      try {
        return agentModel(resolveModel(name, models).model.id);
      } catch {
        return undefined;
      }
    },
    env: { HOME: "/nonexistent" },
    cwd: "/nonexistent",
    args: [],
    ...given,
  };
}
