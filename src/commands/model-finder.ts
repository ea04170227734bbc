import type { AgentModel } from "../agents/types.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { ApiError } from "../errors.ts";

/** Looks up names in a catalogue that is loaded; a name that leads nowhere is no error here. */
export function modelFinder(catalog: Catalog): (name: string) => Promise<AgentModel | undefined> {
  return async (name) => {
    try {
      const { model } = await catalog.resolve(name);
      return { id: model.id, contextWindow: model.capabilities.contextWindow };
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  };
}
