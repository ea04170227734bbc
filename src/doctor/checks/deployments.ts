/** What the tenant has: deployments, orchestration, the catalogue of models. */

import type { Deployment } from "../../aicore/deployment.ts";
import { ORCHESTRATION } from "../../aicore/executables.ts";
import { PLAN_HINT } from "../../aicore/hints.ts";
import { capabilitiesOf } from "../../catalog/capabilities.ts";
import { allowsOrchestration } from "../../catalog/offer.ts";
import { ApiError } from "../../errors.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { count } from "../../terminal/count.ts";
import { type Check, fail, type Outcome, ok, warn } from "../check.ts";
import type { Facts } from "../facts.ts";

export const DEPLOYMENTS: readonly Check[] = [
  { id: "deployments", title: "Deployments", needs: ["resource-group"], run: deploymentsOutcome },
  { id: "orchestration", title: "Orchestration", needs: ["deployments"], run: orchestrationOutcome },
  { id: "catalogue", title: "Model catalogue", needs: ["resource-group"], run: catalogueOutcome },
];

const DEPLOY =
  "Deploy a model: `aicore deployments create <model> --wait`, or in SAP AI Launchpad. Other resource groups: `aicore deployments list --all-groups`.";

async function deploymentsOutcome(facts: Facts): Promise<Outcome> {
  const all = await facts.deployments();
  const groups = (await facts.groups()).map((group) => `"${group}"`).join(", ");
  const running = all.filter(({ status }) => status === "RUNNING");
  const details = all.filter(isTroubled).map(troubleOf);
  if (all.length === 0) return fail(`Nothing is deployed in resource group ${groups}.`, DEPLOY);
  const others = countedBy(
    all.filter(({ status }) => status !== "RUNNING"),
    ({ status }) => status,
  );
  if (running.length === 0) {
    return fail(`No deployment is RUNNING in resource group ${groups} (${others}).`, DEPLOY, details);
  }
  const found = `${running.length} running: ${countedBy(running, familyOf)}${others ? `; not running: ${others}` : ""}`;
  if (details.length === 0) return ok(found);
  return warn(
    found,
    "DEAD: delete it and deploy a model version that is still offered. PENDING: give it some minutes, then look in SAP AI Launchpad.",
    details,
  );
}

function isTroubled({ status }: Deployment): boolean {
  return ["DEAD", "PENDING", "UNKNOWN"].includes(status);
}

function troubleOf({ id, model, executable, status, statusMessage }: Deployment): string {
  return `${model ?? executable} (${id}) is ${status}${statusMessage ? `: ${statusMessage}` : ""}`;
}

function familyOf({ model, scenario }: Deployment): string {
  if (model === undefined) return scenario === ORCHESTRATION ? ORCHESTRATION : "without a model";
  return capabilitiesOf(model).family;
}

/** `claude 5, gpt 3`: the most frequent first. */
function countedBy(deployments: readonly Deployment[], nameOf: (deployment: Deployment) => string): string {
  const counts = new Map<string, number>();
  for (const deployment of deployments) {
    const name = nameOf(deployment);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ranked = [...counts].sort(([, a], [, b]) => b - a);
  return ranked.map(([name, count]) => `${name} ${count}`).join(", ");
}

async function orchestrationOutcome(facts: Facts): Promise<Outcome> {
  const deployments = (await facts.deployments()).filter(({ scenario }) => scenario === ORCHESTRATION);
  const running = deployments.filter(({ status }) => status === "RUNNING");
  if (running.length === 0) {
    const state = deployments.length > 0 ? ` (${countedBy(deployments, ({ status }) => status)})` : "";
    return ok(`none running${state}: only models with a deployment of their own can be used`);
  }
  const own = new Set((await facts.deployments()).map(({ model }) => model?.toLowerCase()));
  const offered = (await facts.catalogue()).filter(allowsOrchestration);
  const more = offered.filter(({ model }) => !own.has(String(model).toLowerCase()));
  return ok(
    `running; ${more.length} more models through it (SAP adds tokens of its own to each request there)`,
  );
}

/** A month before a version ends. */
const SOON = 31 * 86_400_000;

async function catalogueOutcome(facts: Facts): Promise<Outcome> {
  const rows = await facts.catalogue().catch((error: unknown) => {
    if (error instanceof ApiError && [403, 404].includes(error.status)) return [];
    throw error;
  });
  if (rows.length === 0) {
    return fail(
      "SAP offers no generative model to this service key: the catalogue is empty or closed.",
      PLAN_HINT,
    );
  }
  const running = (await facts.deployments()).filter(({ status }) => status === "RUNNING");
  const ending = running.flatMap((deployment) => endOf(deployment, rows, Date.now()) ?? []);
  const found = `${count(rows.length, "model")} could be deployed`;
  if (ending.length === 0) return ok(found);
  return warn(
    `${found}; ${ending.length} deployed version${ending.length > 1 ? "s end" : " ends"} soon.`,
    "Deploy a newer version; one that is deployed as `latest` moves on by itself.",
    [...new Set(ending)],
  );
}

/** A deployed version that SAP calls deprecated, or that ends within a month. */
function endOf(
  { model, modelVersion }: Deployment,
  rows: readonly JsonObject[],
  now: number,
): string | undefined {
  const row = rows.find((each) => String(each.model).toLowerCase() === model?.toLowerCase());
  const versions = Array.isArray(row?.versions) ? row.versions.filter(isObject) : [];
  const version = versions.find((each) =>
    modelVersion === "latest" ? each.isLatest : each.name === modelVersion,
  );
  const ends = Date.parse(String(version?.retirementDate ?? ""));
  if (ends - now < SOON)
    return `${model} ${String(version?.name)} ends on ${String(version?.retirementDate)}`;
  return version?.deprecated === true ? `${model} ${String(version.name)} is deprecated` : undefined;
}
