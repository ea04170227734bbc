/** The models of a tenant as a settings file needs them. */
import { capabilitiesOf } from "../../catalog/capabilities.ts";
import { compareVersions } from "../../catalog/names.ts";
import type { Capabilities } from "../../hub/capabilities.ts";
import type { AgentModel } from "../types.ts";

export interface ToolModel extends Capabilities {
  /** The name to ask the proxy for. */
  id: string;
}

export interface ToolModels {
  /** Those that an agent can work with: they take tools. */
  all: ToolModel[];
  /** What a family ("opus") stands for; undefined where nobody could be asked, or none is deployed. */
  find(name: string): Promise<AgentModel | undefined>;
}

export function toolModels(ids: readonly string[], find: ToolModels["find"]): ToolModels {
  const all = ids.map((id) => ({ id, ...capabilitiesOf(id) })).filter(({ tools }) => tools);
  return { all, find };
}

/**
 * What is left to name when nobody can be asked: families, which the proxy resolves whatever is deployed. How much their
 * newest takes is not known, so the window is one that all have.
 */
export function familyNames(): ToolModels {
  const families = toolModels(["opus", "sonnet", "haiku"], async () => undefined);
  return { ...families, all: families.all.map((model) => ({ ...model, contextWindow: 200_000 })) };
}

/** The model to begin with: a Sonnet, else an Opus, else the newest of whatever there is. */
export async function mainModel({ all, find }: ToolModels): Promise<string | undefined> {
  const found = (await find("sonnet")) ?? (await find("opus"));
  return found?.id ?? all.find(({ id }) => id === "sonnet")?.id ?? newest(all)?.id;
}

/** The newest model of a family; of several with one version the one with the shortest name. */
export function newest(models: readonly ToolModel[], family?: ToolModel["family"]): ToolModel | undefined {
  return models
    .filter((model) => family === undefined || model.family === family)
    .toSorted(
      (one, other) => compareVersions(versionOf(other), versionOf(one)) || one.id.length - other.id.length,
    )[0];
}

/** `gpt-5.4-mini` → [5, 4]. */
function versionOf({ id }: ToolModel): number[] {
  return (/\d+(?:\.\d+)*/.exec(id)?.[0] ?? "").split(".").map(Number);
}
