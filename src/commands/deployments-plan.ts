/** What a deployment of a model is made of, as the tenant's catalogue has it. Pure. */
import type { Blueprint } from "../aicore/configurations.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { ORCHESTRATION } from "../aicore/executables.ts";
import { FOUNDATION_MODELS, type OfferedModel, type OfferedVersion } from "../aicore/model-catalogue.ts";
import { didYouMean, sameModel } from "../catalog/suggest.ts";
import { UsageError } from "../errors.ts";

export interface Plan {
  blueprint: Blueprint;
  /** Sentences about a version that will not last. */
  warnings: string[];
}

/** The version that upgrades by itself. */
const LATEST = "latest";

/**
 * `orchestration` is deployed like a model: it is bound to none and reaches many.
 * @throws UsageError for a model or a version that the catalogue does not have, with the nearest ones.
 */
export function planDeployment(
  asked: string,
  version: string | undefined,
  offered: readonly OfferedModel[],
): Plan {
  if (asked.toLowerCase() === ORCHESTRATION) return planOrchestration(version);
  const model = modelNamed(asked, offered);
  const meant = versionOf(model, version);
  return {
    blueprint: {
      scenario: FOUNDATION_MODELS,
      executable: model.executable,
      model: { name: model.name, version: isLatest(version) ? LATEST : (meant?.name ?? LATEST) },
    },
    warnings: warningsAbout(model, meant),
  };
}

function planOrchestration(version: string | undefined): Plan {
  if (version !== undefined) {
    throw new UsageError("version_unknown", "--version: orchestration has no versions to choose from.");
  }
  const blueprint = { scenario: ORCHESTRATION, executable: ORCHESTRATION, model: undefined };
  return { blueprint, warnings: [] };
}

/** For people: "gpt-4o (latest)". */
export function describePlan({ blueprint: { model } }: Plan): string {
  return model ? `${model.name} (${model.version})` : ORCHESTRATION;
}

/** Whether a deployment makes a new one needless: nobody named a version, or it has the one that was named. */
export function servesAlready(
  deployment: Deployment,
  { blueprint: { model, scenario } }: Plan,
  version: string | undefined,
): boolean {
  if (!["RUNNING", "PENDING", "UNKNOWN"].includes(deployment.status)) return false;
  if (model === undefined) return deployment.scenario === scenario;
  return (
    deployment.model?.toLowerCase() === model.name.toLowerCase() &&
    (version === undefined || (deployment.modelVersion ?? LATEST) === model.version)
  );
}

function modelNamed(asked: string, offered: readonly OfferedModel[]): OfferedModel {
  const names = offered.map(({ name }) => name);
  const name = sameModel(asked, names);
  const model = offered.find((each) => each.name === name);
  if (model) return model;
  const message = `SAP AI Core offers no model "${asked}" here.${didYouMean(asked, names)}`;
  throw new UsageError("model_unknown", message, {
    hint: "See what could be deployed: aicore models list --catalog",
  });
}

/** The version that was named, or the one that `latest` stands for now; undefined where the catalogue lists none. */
function versionOf(model: OfferedModel, version: string | undefined): OfferedVersion | undefined {
  const { versions } = model;
  if (isLatest(version)) return versions.find((each) => each.isLatest) ?? versions[0];
  const found = versions.find(({ name }) => name === version);
  if (found) return found;
  const names = [LATEST, ...versions.map(({ name }) => name)];
  throw new UsageError("version_unknown", `--version: ${model.name} has no version "${version}".`, {
    hint: `Versions are: ${names.join(", ")}.`,
  });
}

function isLatest(version: string | undefined): boolean {
  return version === undefined || version.toLowerCase() === LATEST;
}

function warningsAbout({ name }: OfferedModel, version: OfferedVersion | undefined): string[] {
  if (version === undefined || (!version.deprecated && version.retirementDate === undefined)) return [];
  const { retirementDate, replacements } = version;
  const over = retirementDate !== undefined && Date.parse(retirementDate) < Date.now();
  const day = retirementDate?.slice(0, 10);
  const fate = over ? `was retired on ${day}` : day ? `is retired on ${day}` : "is deprecated";
  const instead = replacements.length > 0 ? ` SAP suggests ${replacements.join(", ")}.` : "";
  return [`${name}, version ${version.name}, ${fate}.${instead}`];
}
