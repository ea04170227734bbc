/** The models of a catalogue that is loaded, as agents see them. */
import { agentModel, isUsable } from "../agents/choice.ts";
import type { AgentModel } from "../agents/types.ts";
import type { Model } from "../catalog/model.ts";
import { ApiError } from "../errors.ts";

/** Where models are looked up: the catalogue, or what is kept of it. */
export interface Models {
  models(): Model[];
  /** @throws ApiError 404 for a name that leads nowhere. */
  resolve(name: string): Promise<{ model: Model }>;
}

/** Looks up names; one that leads nowhere is no error here. */
export function modelFinder(catalog: Models): (name: string) => Promise<AgentModel | undefined> {
  return async (name) => {
    try {
      return forAgent((await catalog.resolve(name)).model);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  };
}

/** Those that a coding tool can work with. */
export function usableModels(catalog: Pick<Models, "models">): AgentModel[] {
  return catalog.models().map(forAgent).filter(isUsable);
}

function forAgent({ id, via }: Model): AgentModel {
  return agentModel(id, via === "orchestration");
}
