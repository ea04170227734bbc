/** When a new deployment is ready: it runs, and a tiny request to it is answered. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DeploymentAddress } from "../aicore/deployment-changes.ts";
import type { OfferedModel } from "../aicore/model-catalogue.ts";
import type { DeploymentDetails } from "../aicore/read-deployment.ts";
import { watchDeployment } from "../aicore/watch-deployment.ts";
import { Catalog } from "../catalog/catalog.ts";
import type { Model } from "../catalog/model.ts";
import { ApiError } from "../errors.ts";
import { embeddingHostFor } from "../upstreams/embeddings/index.ts";
import { upstreamsFor } from "../upstreams/index.ts";
import { type Probe, type ProbeKind, withProbe } from "./model-probe.ts";
import type { Session } from "./session.ts";
import type { Context } from "./types.ts";

export interface Readiness {
  deployment: DeploymentDetails;
  /** The request that was answered; undefined where this program has no way to ask such a model. */
  probe: Probe | undefined;
}

export interface ReadyOptions {
  address: DeploymentAddress;
  /** Of the catalogue; an orchestration deployment is asked for the cheapest of them that it reaches. */
  offered: readonly OfferedModel[];
  signal: AbortSignal;
  report: (state: string) => void;
}

/** SAP: for some minutes after its start a deployment may not be found, or not be reachable (documentation, 2026). */
const NOT_YET = [0, 404, 408];
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/**
 * @throws ApiError when the deployment ends before it runs, with SAP's reason, or refuses the request for good; what
 * `signal` was aborted with.
 */
export async function untilReady(
  context: Context,
  session: Session,
  options: ReadyOptions,
): Promise<Readiness> {
  const deployment = await untilRunning(session, options);
  if (upstreamsFor(deployment).length === 0 && embeddingHostFor(deployment) === undefined) {
    return { deployment, probe: undefined };
  }
  options.report(`${deployment.id} RUNNING, waiting for its first answer`);
  return { deployment, probe: await untilAnswered(context, session, deployment, options) };
}

async function untilRunning(
  { client }: Session,
  { address, signal, report }: ReadyOptions,
): Promise<DeploymentDetails> {
  let seen = false;
  report(`${address.id} UNKNOWN`);
  for await (const state of watchDeployment(client, address, signal)) {
    if (state === undefined && seen) throw ended(address.id, "was deleted before it ran");
    if (state === undefined) continue;
    seen = true;
    const { status, statusMessage } = state;
    report(`${address.id} ${statusMessage === "" ? status : `${status}: ${statusMessage}`}`);
    if (status === "RUNNING" && state.url !== "") return state;
    if (["DEAD", "STOPPING", "STOPPED", "COMPLETED"].includes(status)) throw endedAs(state);
  }
  throw ended(address.id, "could not be followed");
}

function endedAs({ id, status, statusMessage, statusDetails }: DeploymentDetails): ApiError {
  const reason = statusMessage === "" ? "" : `: ${statusMessage.replace(/\.+$/, "")}`;
  const more =
    Object.keys(statusDetails).length > 0 ? `; ${JSON.stringify(statusDetails).slice(0, 500)}` : "";
  return ended(id, `is ${status}${reason}${more}`);
}

function ended(id: string, how: string): ApiError {
  return new ApiError(502, `Deployment ${id} ${how}.`, {
    origin: "upstream",
    reason: "deployment_failed",
    hint: `Look at it: aicore deployments get ${id}. Take it back: aicore deployments delete ${id}`,
  });
}

/** A throttled answer is one: the deployment is there. */
async function untilAnswered(
  { log, version }: Context,
  { client }: Session,
  deployment: DeploymentDetails,
  { offered, signal }: ReadyOptions,
): Promise<Probe> {
  const catalog = new Catalog({ clients: [client], log, only: deployment.id });
  return await withProbe({ catalog, client, log, version }, async (ask) => {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      await catalog.refresh().catch(passing);
      const model = modelToAsk(catalog.models(), offered);
      const probe = model && (await ask(model.id, kindFor(model), signal));
      signal.throwIfAborted();
      if (probe && (probe.ok || probe.status === 429)) return probe;
      if (probe && probe.status < 500 && !NOT_YET.includes(probe.status)) throw refused(deployment, probe);
      await sleep(pause, undefined, { signal });
    }
  });
}

/** A model that makes embeddings does nothing else. */
export function kindFor({ family }: Model): ProbeKind {
  return family === "embedding" ? "embedding" : "answer";
}

function modelToAsk(models: readonly Model[], offered: readonly OfferedModel[]): Model | undefined {
  const [only, ...others] = models;
  if (others.length === 0) return only;
  const price = new Map(offered.map(({ name, versions }) => [name.toLowerCase(), versions[0]?.price.input]));
  const priceOf = ({ id }: Model) => price.get(id) ?? Number.POSITIVE_INFINITY;
  return models
    .filter(({ family }) => family !== "embedding")
    .reduce<Model | undefined>(
      (best, model) => (best && priceOf(best) <= priceOf(model) ? best : model),
      undefined,
    );
}

function passing(error: unknown): void {
  if (!(error instanceof ApiError) || (error.status < 500 && error.status !== 429)) throw error;
}

function refused({ id }: DeploymentDetails, { status, error }: Probe): ApiError {
  return new ApiError(status, `Deployment ${id} is RUNNING but refused a tiny request: ${error ?? status}`, {
    reason: "deployment_refuses",
    hint: `It stays as it is. Ask it again with aicore models test, or take it back: aicore deployments delete ${id}`,
  });
}
