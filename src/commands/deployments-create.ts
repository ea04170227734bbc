/** `aicore deployments create <model>`: configuration found or made, deployment scheduled, followed until it answers. */
import { configurationFor } from "../aicore/configurations.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { createDeployment } from "../aicore/deployment-changes.ts";
import { listDeployments } from "../aicore/deployments.ts";
import { type OfferedModel, readModelCatalogue } from "../aicore/model-catalogue.ts";
import { type DeploymentDetails, readDeployment } from "../aicore/read-deployment.ts";
import { watchDeployment } from "../aicore/watch-deployment.ts";
import { ApiError, UsageError } from "../errors.ts";
import { elapsed } from "../terminal/duration.ts";
import { detailsDocument } from "./deployment-document.ts";
import { describePlan, type Plan, planDeployment, servesAlready } from "./deployments-plan.ts";
import { type Readiness, untilReady } from "./deployments-ready.ts";
import { durationFrom } from "./numbers.ts";
import { patiently } from "./patience.ts";
import { openSession, type Session } from "./session.ts";
import type { Context } from "./types.ts";

interface CreateOptions {
  /** Of the model. */
  version?: string;
  resourceGroup?: string;
  ttl?: string;
  wait?: boolean;
  timeout?: string;
  force?: boolean;
}

const DEFAULT_TIMEOUT = "15m";
const FIRST_SIGHT = 30_000;
const TTL = /^[1-9]\d{0,5}[mhd]$/i;

export async function run(
  context: Context,
  [asked = ""]: string[],
  options: CreateOptions,
): Promise<undefined> {
  const { out } = context;
  if (options.ttl !== undefined && !TTL.test(options.ttl)) {
    throw new UsageError("bad_ttl", `--ttl: expected minutes, hours or days, got "${options.ttl}".`, {
      hint: "Such as --ttl 30m, --ttl 8h or --ttl 7d; without it the deployment stays until you delete it.",
    });
  }
  const limit = durationFrom(options.timeout ?? DEFAULT_TIMEOUT, "--timeout") * 1_000;
  const session = await openSession(context, options);
  try {
    const offered = await out.during("Reading the model catalogue", () => readModelCatalogue(session.client));
    const plan = planDeployment(asked, options.version, offered);
    for (const warning of plan.warnings) out.warn(warning);
    const { deployment, created } = await findOrCreate(context, session, plan, options);
    if (!options.wait) {
      report(context, { created, deployment: await firstSight(session, deployment), ready: null });
      if (created) out.say(`It takes some minutes. Look at it: aicore deployments get ${deployment.id}`);
    } else {
      const began = Date.now();
      const { probe, deployment: running } = await follow(context, session, { deployment, offered, limit });
      out.say(
        probe
          ? `Ready after ${elapsed(Date.now() - began)}: it answered a tiny request.`
          : "RUNNING. aicore cannot ask models of this kind, so no request was tried.",
      );
      if (probe?.kind === "answer" && running.model) out.say(`Next: aicore chat -m ${running.model}`);
      report(context, { created, deployment: running, ready: true });
    }
  } finally {
    await session.close();
  }
  return undefined;
}

interface Found {
  deployment: Pick<Deployment, "id" | "resourceGroup">;
  created: boolean;
}

/** A second deployment of a model is seldom meant, and is made only with --force. */
async function findOrCreate(
  { out }: Context,
  { client, tenant }: Session,
  plan: Plan,
  options: CreateOptions,
): Promise<Found> {
  const { resourceGroup } = tenant;
  const known = options.force
    ? undefined
    : (await out.during("Looking at the deployments", () => listDeployments(client, { resourceGroup }))).find(
        (deployment) => servesAlready(deployment, plan, options.version),
      );
  if (known) {
    out.say(
      `${describePlan(plan)} is deployed already: ${known.id} is ${known.status}. Another one: --force${
        options.ttl ? "; --ttl was not applied" : ""
      }`,
    );
    return { deployment: known, created: false };
  }
  const { id, configuration } = await out.during("Creating the deployment", async () => {
    const configuration = await configurationFor(client, plan.blueprint, resourceGroup);
    const wish = { configurationId: configuration.id, resourceGroup, ttl: options.ttl };
    return { id: await createDeployment(client, wish), configuration };
  });
  const from = `${configuration.made ? "new" : "existing"} configuration ${configuration.id}`;
  out.say(`Created ${id}: ${describePlan(plan)} in resource group ${resourceGroup}, ${from}.`);
  return { deployment: { id, resourceGroup }, created: true };
}

/** It may take SAP AI Core a moment to know what it has just accepted. */
async function firstSight({ client }: Session, address: Found["deployment"]): Promise<DeploymentDetails> {
  for await (const state of watchDeployment(client, address, AbortSignal.timeout(FIRST_SIGHT))) {
    if (state) return state;
  }
  return await readDeployment(client, address);
}

interface Following {
  deployment: Found["deployment"];
  offered: readonly OfferedModel[];
  limit: number;
}

function follow(
  context: Context,
  session: Session,
  { deployment, offered, limit }: Following,
): Promise<Readiness> {
  const look = `aicore deployments get ${deployment.id}`;
  const late = () =>
    new ApiError(
      504,
      `Deployment ${deployment.id} is not ready after ${elapsed(limit)}. It goes on being created.`,
      {
        reason: "too_slow",
        hint: `Look at it: ${look}. Wait longer with --timeout.`,
      },
    );
  const goesOn = `Deployment ${deployment.id} goes on being created. Look at it: ${look}`;
  return context.out.follow((report) =>
    patiently({ limit, late, goesOn }, (signal) =>
      untilReady(context, session, { address: deployment, offered, signal, report }),
    ),
  );
}

interface Outcome {
  created: boolean;
  deployment: DeploymentDetails;
  /** Null when nobody waited for it. */
  ready: boolean | null;
}

/** The id alone, for scripts; all else was said on stderr, where a person has read it already. */
function report({ out }: Context, { created, deployment, ready }: Outcome): void {
  if (out.json) out.document({ ...detailsDocument(deployment), created, ready });
  else if (out.quiet || out.width === undefined) out.result(deployment.id);
}
