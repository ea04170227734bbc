/** Deployments by their ids, or by the beginnings of them. */
import type { Deployment } from "../aicore/deployment.ts";
import { listDeployments } from "../aicore/deployments.ts";
import { nearest } from "../config/rules.ts";
import { ApiError, UsageError } from "../errors.ts";
import type { Session } from "./session.ts";
import { groupsServed } from "./tenants.ts";

const MOST_CANDIDATES = 5;

/**
 * The deployment of this id, or whose id alone begins so.
 * @throws ApiError 404 "deployment_not_found"; UsageError for the beginning of several; what `listDeployments` throws.
 */
export async function findDeployment(session: Session, id: string): Promise<Deployment> {
  const { known, groups } = await listServed(session);
  return pick(id, known, groups);
}

/** One for each id, in their order, each once. Throws as `findDeployment` does. */
export async function findDeployments(session: Session, ids: readonly string[]): Promise<Deployment[]> {
  const { known, groups } = await listServed(session);
  return [...new Set(ids.map((id) => pick(id, known, groups)))];
}

async function listServed({ client, tenant }: Session): Promise<{ known: Deployment[]; groups: string[] }> {
  const groups = groupsServed(tenant);
  const lists = await Promise.all(groups.map((resourceGroup) => listDeployments(client, { resourceGroup })));
  return { known: lists.flat(), groups };
}

function pick(asked: string, known: readonly Deployment[], groups: readonly string[]): Deployment {
  const id = asked.toLowerCase();
  const exact = known.find((deployment) => deployment.id === id);
  if (exact) return exact;
  const fitting = id === "" ? [] : known.filter((deployment) => deployment.id.startsWith(id));
  const [only, ...others] = fitting;
  if (only && others.length === 0) return only;
  if (only) {
    const candidates = fitting
      .slice(0, MOST_CANDIDATES)
      .map(({ id: each, model }) => `${each} (${model ?? "orchestration"})`);
    const more = fitting.length > MOST_CANDIDATES ? ", …" : "";
    throw new UsageError("ambiguous_id", `"${asked}" begins the ids of ${fitting.length} deployments.`, {
      hint: `Say more of it: ${candidates.join(", ")}${more}`,
    });
  }
  throw notFound(asked, known, groups);
}

function notFound(asked: string, known: readonly Deployment[], groups: readonly string[]): ApiError {
  const meant = nearest(
    asked,
    known.map(({ id }) => id),
  );
  const serving = known.filter(({ model }) => model === asked.toLowerCase()).map(({ id }) => id);
  const where = groups.map((group) => `"${group}"`).join(", ");
  const hint =
    serving.length > 0
      ? `That is a model; its deployments are: ${serving.join(", ")}`
      : "See aicore deployments list --all-groups, and name the group with --resource-group.";
  return new ApiError(
    404,
    `There is no deployment "${asked}" in resource group ${where}.${meant ? ` Did you mean ${meant}?` : ""}`,
    { reason: "deployment_not_found", hint },
  );
}
