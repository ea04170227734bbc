import type { Answer } from "../aicore/answer.ts";
import type { AicoreClient } from "../aicore/client.ts";
import type { Deployment } from "../aicore/deployment.ts";
import { readUpstreamError } from "../aicore/errors.ts";
import { StaleSocketError } from "../aicore/reused-sockets.ts";
import { ApiError } from "../errors.ts";
import type { LearnedRepairs } from "./learned.ts";

/** One request as it can be sent, as often as needed, to any deployment of its model. */
export interface Sendable {
  deployments: readonly Deployment[];
  path: string;
  /** The `Accept` header; default: JSON. */
  accept?: string | undefined;
  /** The body for a deployment that is known to refuse `learned`. */
  bodyFor(learned: ReadonlySet<string>): Buffer;
  /** The refusal as the client is told it: see `Upstream.explain`. */
  explain?(error: ApiError): ApiError;
  /** A key that avoids the refusal and is not among those that were sent with; undefined when there is none. */
  learn(error: ApiError, learned: ReadonlySet<string>): string | undefined;
}

export interface AttemptOptions<S extends Sendable> {
  clientFor(deployment: Deployment): AicoreClient;
  /** Looks at the tenant again after a 404: the request for what it found, which may be another model. */
  rediscover(): Promise<S>;
  learned: LearnedRepairs;
  signal: AbortSignal;
  /** Milliseconds to wait for the head of the answer, and of silence inside it. */
  idleTimeout: number;
  /** Whether the client's answer has begun: from then on nothing is repeated. */
  committed(): boolean;
}

/** An answer that was accepted, and what it is the answer to. */
export interface Accepted<S extends Sendable> {
  sendable: S;
  answer: Answer;
  deployment: Deployment;
  attempts: number;
}

/** DESIGN 8: at most three calls for one request, whatever their reasons. */
const MOST_ATTEMPTS = 3;
const ERROR_TEXT_LIMIT = 256 * 1024;

/**
 * Sends a request until a deployment accepts it. Repeated is only what cannot have run, each cause once: a refused
 * token is refreshed, a vanished deployment looked for, a socket that had died while idle replaced, and a body that
 * Bedrock refused repaired.
 * @throws ApiError with the upstream's status and text, or the transport's.
 */
export async function attempt<S extends Sendable>(
  request: S,
  options: AttemptOptions<S>,
): Promise<Accepted<S>> {
  let sendable = request;
  let deployment = firstOf(sendable);
  let [refreshed, rediscovered, reconnected] = [false, false, false];
  for (let attempts = 1; ; attempts++) {
    const learned = options.learned.of(deployment.id);
    const outcome = await sendOnce(sendable, deployment, learned, options);
    if ("answer" in outcome) return { sendable, answer: outcome.answer, deployment, attempts };
    const { error } = outcome;
    if (error.status === 401 && !refreshed) outcome.forgetToken();
    if (attempts === MOST_ATTEMPTS || options.committed()) throw error;
    if (error.status === 401 && !refreshed) refreshed = true;
    else if (error instanceof StaleSocketError && !reconnected) reconnected = true;
    else if (error.status === 404 && !rediscovered) {
      rediscovered = true;
      sendable = await options.rediscover();
      deployment = firstOf(sendable);
    } else {
      const repair = error.status === 400 ? sendable.learn(error, learned) : undefined;
      if (repair === undefined) throw sendable.explain?.(error) ?? error;
      options.learned.add(deployment.id, repair);
    }
  }
}

/** An answer with status 200, or what may be tried again; what may not is thrown. */
type Outcome = { answer: Answer } | { error: ApiError; forgetToken(): void };

async function sendOnce<S extends Sendable>(
  { path, accept, bodyFor }: S,
  deployment: Deployment,
  learned: ReadonlySet<string>,
  { clientFor, signal, idleTimeout }: AttemptOptions<S>,
): Promise<Outcome> {
  try {
    const body = bodyFor(learned);
    const answer = await clientFor(deployment).infer({ deployment, path, accept, body, signal, idleTimeout });
    if (answer.status === 200) return { answer };
    const text = await answer.body.text(ERROR_TEXT_LIMIT);
    return { error: readUpstreamError(answer.status, answer.headers, text), forgetToken: answer.forgetToken };
  } catch (error) {
    if (error instanceof StaleSocketError) return { error, forgetToken() {} };
    throw error;
  }
}

function firstOf({ deployments: [deployment] }: Sendable): Deployment {
  if (deployment) return deployment;
  throw new ApiError(404, "The deployment is gone and no other runs this model.", {
    reason: "model_not_found",
  });
}
