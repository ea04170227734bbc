/** `aicore deployments stop <id…>` and `aicore deployments delete <id…>`. */
import type { Deployment } from "../aicore/deployment.ts";
import { ApiError, asAicoreError, UsageError } from "../errors.ts";
import type { JsonObject } from "../hub/json.ts";
import { elapsed } from "../terminal/duration.ts";
import { askYesNo } from "../terminal/prompt.ts";
import { deploymentDocument } from "./deployment-document.ts";
import { ALIVE, endAndDelete, ensureStopping, untilStopped } from "./deployment-ending.ts";
import { findDeployments } from "./deployments-find.ts";
import { durationFrom } from "./numbers.ts";
import { patiently } from "./patience.ts";
import { openSession, type Session } from "./session.ts";
import type { Context } from "./types.ts";

interface EndOptions {
  resourceGroup?: string;
  timeout?: string;
}

/** What was done to one deployment; its status afterwards is undefined when it is gone. */
interface Done {
  deployment: Deployment;
  status: string | undefined;
}

/** Does one thing to one deployment, telling on the way which status it is in; its answer is the status at the end. */
type Step = (deployment: Deployment, tell: (status: string) => void) => Promise<string | undefined>;

const DEFAULT_TIMEOUT = "15m";

export async function stop(
  context: Context,
  ids: string[],
  options: EndOptions & { wait?: boolean },
): Promise<undefined> {
  const limit = limitOf(options);
  await withDeployments(context, ids, options, async ({ client }, found) => {
    const goesOn = `SAP AI Core goes on stopping: aicore deployments get ${found[0]?.id}`;
    const done = await patiently({ limit, late: () => late("stopped", found, limit), goesOn }, (signal) =>
      toEach(context, found, async (deployment, tell) => {
        const status = await ensureStopping(client, deployment);
        return options.wait && ALIVE.includes(status)
          ? await untilStopped(client, deployment, { signal, tell })
          : status;
      }),
    );
    report(context, done, "stopped");
  });
  return undefined;
}

export async function remove(
  context: Context,
  ids: string[],
  options: EndOptions & { yes?: boolean },
): Promise<undefined> {
  const { out } = context;
  const limit = limitOf(options);
  if (!options.yes && !out.interactive) {
    throw new UsageError(
      "needs_yes",
      "Deployments are deleted only when someone says yes, and nobody can be asked.",
      {
        hint: "If you are sure: aicore deployments delete <id> --yes",
      },
    );
  }
  await withDeployments(context, ids, options, async ({ client }, found) => {
    if (!options.yes) await confirm(context, found);
    const goesOn = "What was being stopped goes on stopping; nothing more is deleted. Run it again to go on.";
    const done = await patiently({ limit, late: () => late("deleted", found, limit), goesOn }, (signal) =>
      toEach(context, found, async (deployment, tell) => {
        await endAndDelete(client, deployment, { signal, tell });
        return undefined;
      }),
    );
    report(context, done, "deleted");
  });
  return undefined;
}

async function withDeployments(
  context: Context,
  ids: string[],
  options: EndOptions,
  work: (session: Session, found: Deployment[]) => Promise<void>,
): Promise<void> {
  const session = await openSession(context, options);
  try {
    const found = await context.out.during("Looking at the deployments", () => findDeployments(session, ids));
    await work(session, found);
  } finally {
    await session.close();
  }
}

/** All at once. One that fails does not keep the others: they are reported, then its error is thrown. */
async function toEach(context: Context, found: Deployment[], step: Step): Promise<Done[]> {
  const statuses = new Map(found.map(({ id, status }) => [id, status]));
  const outcomes = await context.out.follow((report) => {
    const tell = (id: string) => (status: string) => {
      statuses.set(id, status);
      report([...statuses].map((pair) => pair.join(" ")).join(", "));
    };
    return Promise.allSettled(found.map((deployment) => step(deployment, tell(deployment.id))));
  });
  const done: Done[] = [];
  const failures: unknown[] = [];
  for (const [at, outcome] of outcomes.entries()) {
    const deployment = found[at];
    if (outcome.status === "rejected") failures.push(outcome.reason);
    else if (deployment) done.push({ deployment, status: outcome.value });
  }
  if (failures.length === 0) return done;
  if (done.length > 0)
    context.out.say(`Done all the same: ${done.map(({ deployment }) => deployment.id).join(", ")}`);
  for (const error of failures.slice(1)) context.out.warn(asAicoreError(error).message);
  throw failures[0];
}

async function confirm({ out }: Context, found: Deployment[]): Promise<void> {
  for (const { id, model, status, resourceGroup } of found)
    out.say(`  ${id}  ${model ?? "orchestration"}  ${status}  in resource group ${resourceGroup}`);
  const many = found.length > 1 ? `these ${found.length} deployments` : "this deployment";
  const first = found.some(({ status }) => ALIVE.includes(status)) ? " What runs is stopped first." : "";
  if (await askYesNo(`Delete ${many}?${first}`)) return;
  throw new UsageError("declined", "Nothing was deleted.");
}

function report({ out }: Context, done: Done[], verb: "stopped" | "deleted"): void {
  if (out.json) out.document({ deployments: done.map((one) => documentOf(one, verb)) });
  else out.result(done.map((one) => lineOf(one, verb)).join("\n"));
}

function documentOf({ deployment, status }: Done, verb: "stopped" | "deleted"): JsonObject {
  const after = verb === "deleted" || status === undefined ? "DELETED" : status;
  return { ...deploymentDocument(deployment), status: after };
}

function lineOf({ deployment, status }: Done, verb: "stopped" | "deleted"): string {
  const what = `${deployment.id} (${deployment.model ?? "orchestration"})`;
  if (verb === "deleted" || status === undefined) return `Deleted: ${what}`;
  if (status === deployment.status) return `Nothing to do: ${what} is ${status}`;
  return `${status === "STOPPING" ? "Stopping" : "Stopped"}: ${what}`;
}

function limitOf({ timeout = DEFAULT_TIMEOUT }: EndOptions): number {
  return durationFrom(timeout, "--timeout") * 1_000;
}

function late(verb: string, found: Deployment[], limit: number): ApiError {
  const ids = found.map(({ id }) => id).join(", ");
  return new ApiError(504, `Not ${verb} after ${elapsed(limit)}: ${ids}. SAP AI Core goes on stopping.`, {
    reason: "too_slow",
    hint: `See how far it is: aicore deployments get ${found[0]?.id}`,
  });
}
