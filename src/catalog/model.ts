import type { Deployment } from "../aicore/deployment.ts";
import type { Capabilities, Family } from "../hub/capabilities.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { compareNames, compareVersions, type ModelName, parseModelName } from "./names.ts";
import type { Snapshot } from "./snapshot.ts";

/** How a model is reached: by deployments of its own, or through one that serves every model. */
type Via = "deployment" | "orchestration";

/** A model that can be asked for here and now. */
export interface Model {
  /** SAP's name, such as `anthropic--claude-4.6-opus`. */
  id: string;
  family: Family;
  displayName: string;
  capabilities: Capabilities;
  /** Client ids that lead here: `claude-opus-4-6`, and `opus` for the newest of its family. */
  aliases: string[];
  /** RUNNING, with a URL, newest first; those of orchestration where `via` says so. */
  deployments: Deployment[];
  via: Via;
  /** The id, read. */
  name: ModelName;
}

/**
 * The models that deployments serve, in the order of their names. `offered` gives the models that each profile's
 * orchestration deployment serves too; one that has its own deployment is not listed a second time.
 */
export function modelsOf(
  deployments: readonly Deployment[],
  offered: ReadonlyMap<string, readonly string[]> = new Map(),
): Model[] {
  const own = new Map<string, Deployment[]>();
  const through = new Map<string, Deployment[]>();
  for (const deployment of deployments.filter(isUsable).sort(newestFirst)) {
    if (deployment.model !== undefined) add(own, deployment.model.toLowerCase(), deployment);
    else for (const id of offered.get(deployment.profile) ?? []) add(through, id.toLowerCase(), deployment);
  }
  return describeModels([
    ...[...own].map(([id, serving]) => ({ id, deployments: serving, via: "deployment" as const })),
    ...[...through]
      .filter(([id]) => !own.has(id))
      .map(([id, serving]) => ({ id, deployments: serving, via: "orchestration" as const })),
  ]);
}

/** Adds to models what their ids tell, in the order of their names. */
export function describeModels(models: readonly Pick<Model, "id" | "deployments" | "via">[]): Model[] {
  const described = models.map(({ id, deployments, via }) => describe(id, deployments, via));
  return withFamilyAliases(described.sort((a, b) => compareNames(a.id, b.id)));
}

/** The models of the last time, to choose from by their names. Where they run is not known: none of them can be called. */
export function modelsIn({ models }: Snapshot): Model[] {
  return describeModels(models.map(({ id, via }) => ({ id, via, deployments: [] })));
}

/** RUNNING by `status` (`targetStatus` names what is still starting), and with a URL, which comes only then. */
function isUsable(deployment: Deployment): boolean {
  return deployment.status === "RUNNING" && deployment.url !== "";
}

function newestFirst(a: Deployment, b: Deployment): number {
  if (a.createdAt === b.createdAt) return 0;
  return a.createdAt < b.createdAt ? 1 : -1;
}

function add(lists: Map<string, Deployment[]>, id: string, deployment: Deployment): void {
  const list = lists.get(id);
  if (list) list.push(deployment);
  else lists.set(id, [deployment]);
}

function describe(id: string, deployments: Deployment[], via: Via): Model {
  const capabilities = capabilitiesOf(id);
  const name = parseModelName(id);
  const aliases = name.key === id ? [] : [name.key];
  return {
    id,
    family: capabilities.family,
    displayName: capabilities.displayName,
    capabilities,
    aliases,
    deployments,
    via,
    name,
  };
}

function withFamilyAliases(models: Model[]): Model[] {
  const variants = new Set(models.flatMap(({ name }) => (name.kind === "claude" ? [name.variant] : [])));
  const newest = new Map([...variants].map((variant) => [newestOf(variant, models), variant]));
  return models.map((model) => {
    const variant = newest.get(model);
    return variant === undefined ? model : { ...model, aliases: [...model.aliases, variant] };
  });
}

/** The newest Claude of a family; one with a deployment of its own before any through orchestration. */
export function newestOf(variant: string, models: readonly Model[]): Model | undefined {
  const rank = (model: Model) => (model.via === "deployment" ? 1 : 0);
  const version = (model: Model) => (model.name.kind === "claude" ? model.name.version : []);
  return models
    .filter(({ name }) => name.kind === "claude" && name.variant === variant)
    .reduce<Model | undefined>((best, model) => {
      if (!best) return model;
      return (rank(model) - rank(best) || compareVersions(version(model), version(best))) > 0 ? model : best;
    }, undefined);
}
