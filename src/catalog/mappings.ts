import { ApiError } from "../errors.ts";
import type { Model } from "./model.ts";
import { resolveModel, specificFirst } from "./resolve.ts";

/** A name that the user gave to a model. */
export interface Mapping {
  /** May hold `*`. */
  alias: string;
  /** What it was mapped to: a model, or a name that leads to one. */
  target: string;
  /** The id of the model that answers to it now; undefined when nothing that runs fits. */
  model: string | undefined;
}

/** The user's names in the order in which they are tried, with what each leads to. */
export function mappingsOf(
  aliases: Readonly<Record<string, string>>,
  models: readonly Model[],
  { strict }: { strict: boolean },
): Mapping[] {
  return specificFirst(aliases).map(([alias, target]) => ({
    alias,
    target,
    model: leadsTo(target, models, strict),
  }));
}

/** Targets are not looked up among the aliases again, just as in a request. */
function leadsTo(target: string, models: readonly Model[], strict: boolean): string | undefined {
  try {
    return resolveModel(target, models, { strict }).model.id;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
