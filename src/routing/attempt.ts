import type { Answer } from "../aicore/answer.ts";
import type { AicoreClient } from "../aicore/client.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { readUpstreamError } from "../aicore/errors.ts";
import { ApiError } from "../errors.ts";
import type { LearnedRepairs } from "./learned.ts";

/** One request as it can be sent, as often as needed, to any deployment of its model. */
export interface Sendable {
  /** The body for a deployment that is known to refuse `learned`. */
  bodyFor(learned: ReadonlySet<string>): Buffer;
  path: string;
  /** A key that avoids the refusal, or undefined: see `Upstream.learn`. */
  learn(error: ApiError): string | undefined;
  signal: AbortSignal;
}

export interface AttemptOptions {
  deployments: readonly Deployment[];
  clientFor(deployment: Deployment): AicoreClient;
  /** Looks at the tenant again after a 404 and tells what it found. */
  rediscover(): Promise<readonly Deployment[]>;
  learned: LearnedRepairs;
}

/** An answer that was accepted, and where it came from. */
export interface Accepted {
  answer: Answer;
  deployment: Deployment;
  attempts: number;
}

/** DESIGN 8: at most three calls for one request, whatever their reasons. */
const MOST_ATTEMPTS = 3;
const ERROR_TEXT_LIMIT = 256 * 1024;

/**
 * Sends a request until a deployment accepts it. Repeated is only what cannot have run: a refused token is
 * refreshed once, a vanished deployment looked for once, a body that Bedrock refused repaired once per cause.
 * @throws ApiError with the upstream's status and text, or the transport's.
 */
export async function attempt(sendable: Sendable, options: AttemptOptions): Promise<Accepted> {
  let deployment = first(options.deployments);
  let refreshed = false;
  let rediscovered = false;
  for (let attempts = 1; ; attempts++) {
    const client = options.clientFor(deployment);
    const answer = await client.infer({
      deployment,
      path: sendable.path,
      body: sendable.bodyFor(options.learned.of(deployment.id)),
      signal: sendable.signal,
    });
    if (answer.status === 200) return { answer, deployment, attempts };
    const error = readUpstreamError(answer.status, answer.headers, await answer.body.text(ERROR_TEXT_LIMIT));
    if (attempts === MOST_ATTEMPTS) throw error;
    if (error.status === 401 && !refreshed) {
      refreshed = true;
      answer.forgetToken();
    } else if (error.status === 404 && !rediscovered) {
      rediscovered = true;
      deployment = first(await options.rediscover());
    } else {
      const repair = error.status === 400 ? sendable.learn(error) : undefined;
      if (repair === undefined || !options.learned.add(deployment.id, repair)) throw error;
    }
  }
}

function first(deployments: readonly Deployment[]): Deployment {
  const [deployment] = deployments;
  if (deployment) return deployment;
  throw new ApiError(404, "The deployment is gone and no other runs this model.", {
    reason: "model_not_found",
  });
}
