import type { Answer } from "../aicore/answer.ts";
import type { Deployment } from "../aicore/deployment.ts";
import type { Resolution } from "../catalog/resolve.ts";
import { type Accepted, type AttemptOptions, attempt, type Sendable } from "../routing/attempt.ts";
import { sessionOf } from "../routing/session.ts";
import type { Account } from "./account.ts";
import { resolveFor } from "./allowed-models.ts";
import type { RequestBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { type Asked, type Plan, planFor } from "./plan.ts";

/** An accepted request: what it was sent as, and its answer as far as it was opened. */
export interface Forwarded<T> {
  plan: Plan;
  opened: T;
  /** The body that it answers. */
  sent: Buffer;
}

/** A request whose body is there, and what it asks for. */
export interface Received {
  body: RequestBody;
  asked: Asked;
}

/** Reads an answer of status 200 as far as is needed to know that it is one. */
export type Open<T> = (answer: Answer, plan: Plan, deployment: Deployment) => Promise<T>;

/**
 * Finds the deployment for the model that was asked for and sends the request to it, in the form its host accepts.
 * The answer's head tells which model and deployment it was, since the body keeps the client's own model id.
 * @throws ApiError 404 for a model that is not deployed, or whatever the upstream answered.
 */
export async function forward<T>(
  exchange: Exchange,
  context: ProxyContext,
  request: Received,
  account: Account,
  open: Open<T>,
): Promise<Forwarded<T>> {
  const { catalog } = context;
  const { body, asked } = request;
  const planned = (resolution: Resolution) => {
    account.model = resolution.model.id;
    account.enter();
    exchange.head["x-aicore-model"] = resolution.model.id;
    return planFor(body, asked, resolution, context);
  };
  const resolve = () => resolveFor(exchange.key, catalog, asked.model);
  const known = exchange.key.limits.models ? undefined : catalog.resolved(asked.model);
  const resolution = known ?? (await resolve());
  const { sendable, opened, sent, lease } = await sendOn(exchange, context, account, planned(resolution), {
    open,
    session: () => sessionOf(exchange.request.headers, body.json, asked.prefix),
    background: !asked.stream,
    async rediscover() {
      await catalog.refreshAfterMiss();
      return planned(await resolve());
    },
  });
  // Not by a closure: to the end of the answer it would hold whatever the others here hold, which is the request.
  exchange.whenOver(lease.end.bind(lease));
  return { plan: sendable, opened, sent };
}

type Particulars<S extends Sendable, T> = Pick<
  AttemptOptions<S, T>,
  "open" | "session" | "background" | "rediscover"
>;

/**
 * Sends on behalf of an exchange, which is told where its answer comes from; the lease is its caller's to end.
 * What an early ping has committed the head without is in the log.
 */
export function sendOn<S extends Sendable, T>(
  { response, signal, arrivedAt, head }: Exchange,
  { targets, clientFor, learned, timing }: ProxyContext,
  account: Account,
  sendable: S,
  { open, session, background, rediscover }: Particulars<S, T>,
): Promise<Accepted<S, T>> {
  return attempt(sendable, {
    open,
    session,
    background,
    rediscover,
    targets,
    clientFor,
    learned,
    signal,
    idleTimeout: timing.upstreamIdle,
    deadline: arrivedAt + timing.retryFor,
    committed: () => response.headersSent,
    onCall(deployment, calls) {
      account.called(deployment, calls);
      head["x-aicore-deployment"] = deployment.id;
      head["x-aicore-attempts"] = calls;
    },
  });
}
