import { setTimeout as sleep } from "node:timers/promises";
import { ApiError } from "../errors.ts";
import type { AicoreClient } from "./client.ts";
import type { DeploymentAddress } from "./deployment-changes.ts";
import { type DeploymentDetails, readDeployment } from "./read-deployment.ts";

/** Milliseconds between two looks: short at first, for some landscapes are quick, then no burden on any. */
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;
const GROWTH = 1.5;
/** Failures in a row that are waited out: a gateway that restarts must not end a wait of minutes. */
const MOST_FAILURES = 5;

/**
 * A deployment as it is now, and again and again, until the caller has seen enough. Undefined while SAP AI Core knows
 * none of this id: not yet, or no longer.
 * @throws ApiError when it cannot be read for good; what `signal` was aborted with.
 */
export async function* watchDeployment(
  client: AicoreClient,
  address: DeploymentAddress,
  signal: AbortSignal,
): AsyncGenerator<DeploymentDetails | undefined> {
  let failures = 0;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * GROWTH, LONGEST_PAUSE)) {
    try {
      const state = await look(client, address, signal);
      failures = 0;
      yield state;
    } catch (error) {
      if (!isPassing(error) || signal.aborted || ++failures > MOST_FAILURES) throw error;
    }
    await sleep(pause, undefined, { signal });
  }
}

async function look(
  client: AicoreClient,
  address: DeploymentAddress,
  signal: AbortSignal,
): Promise<DeploymentDetails | undefined> {
  try {
    return await readDeployment(client, { ...address, signal });
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 429 || error.status >= 500);
}
