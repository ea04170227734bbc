import type { Deployment } from "../../aicore/deployment.ts";
import { Catalog, type CatalogOptions } from "../../catalog/catalog.ts";
import { type Model, modelsOf } from "../../catalog/model.ts";
import type { Resolution } from "../../catalog/resolve.ts";
import { ApiError } from "../../errors.ts";

/** A deployment to try, and the model to try it with: orchestration serves many. */
export interface Target {
  deployment: Deployment;
  model: Model;
}

export function targetOf(deployment: Deployment): Target | undefined {
  const [model] = modelsOf([deployment]);
  return model && { deployment, model };
}

/** An orchestration deployment, tried with one of the models that it reaches. */
export function targetThrough(deployment: Deployment, modelName: string): Target | undefined {
  const [model] = modelsOf([deployment], new Map([[deployment.profile, [modelName]]]));
  return model && { deployment, model };
}

/**
 * A catalogue in which each deployment has a name of its own, its id: the proxy would otherwise choose among those of
 * one model, and a broken one would hide behind a good one.
 */
export class CatalogById extends Catalog {
  readonly #targets: ReadonlyMap<string, Target>;

  constructor(options: CatalogOptions, targets: readonly Target[]) {
    super(options);
    this.#targets = new Map(targets.map((target) => [target.deployment.id, target]));
  }

  override async resolve(name: string): Promise<Resolution> {
    const target = this.#targets.get(name);
    if (!target) throw new ApiError(404, `deployment '${name}' is not known`, { reason: "model_not_found" });
    const { deployment, model } = target;
    return { requested: name, model, deployments: [deployment], why: "exact", longContext: false };
  }
}
