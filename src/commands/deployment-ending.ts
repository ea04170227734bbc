/** How one deployment comes to its end: SAP stops it first, and deletes only what has stopped. */
import type { AicoreClient } from "../aicore/client.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { deleteDeployment, stopDeployment } from "../aicore/deployment-changes.ts";
import { readDeployment } from "../aicore/read-deployment.ts";
import { watchDeployment } from "../aicore/watch-deployment.ts";
import { ApiError } from "../errors.ts";

export interface Watching {
  signal: AbortSignal;
  /** Hears each status that it is seen in. */
  tell: (status: string) => void;
}

/** SAP refuses to delete a deployment in one of these. */
export const ALIVE = ["RUNNING", "PENDING", "STOPPING"];
/** Nothing is left to stop, or it is being stopped. */
const ENDING = ["STOPPING", "STOPPED", "COMPLETED", "DEAD"];

/** Asks for it to be stopped, where that makes sense. @returns its status afterwards. */
export async function ensureStopping(client: AicoreClient, deployment: Deployment): Promise<string> {
  if (ENDING.includes(deployment.status)) return deployment.status;
  await stopDeployment(client, deployment);
  return "STOPPING";
}

/** Waits while it lives. @returns its status then; undefined when SAP AI Core no longer knows it. */
export async function untilStopped(
  client: AicoreClient,
  deployment: Deployment,
  { signal, tell }: Watching,
): Promise<string | undefined> {
  for await (const state of watchDeployment(client, deployment, signal)) {
    if (state === undefined) return undefined;
    tell(state.status);
    if (!ALIVE.includes(state.status)) return state.status;
  }
  return undefined;
}

/**
 * Deletes it, after it has stopped; that somebody else was quicker is no error. One that went on meanwhile, from
 * UNKNOWN to PENDING, is stopped after all.
 * @throws ApiError for what SAP AI Core refuses; what `signal` was aborted with.
 */
export async function endAndDelete(
  client: AicoreClient,
  deployment: Deployment,
  watching: Watching,
): Promise<void> {
  if (ALIVE.includes(deployment.status)) {
    watching.tell(await ensureStopping(client, deployment));
    await untilStopped(client, deployment, watching);
  }
  try {
    await deleteDeployment(client, deployment);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) return;
    const now = await readDeployment(client, deployment);
    if (now.status === deployment.status || !ALIVE.includes(now.status)) throw error;
    await endAndDelete(client, now, watching);
  }
}
