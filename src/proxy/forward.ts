import { type Accepted, attempt } from "../routing/attempt.ts";
import type { RequestBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { type Asked, type Plan, planFor } from "./plan.ts";

/** An accepted request: the answer, and what it was sent as. */
export interface Forwarded extends Omit<Accepted<Plan>, "sendable"> {
  plan: Plan;
}

/**
 * Finds the deployment for the model that was asked for and sends the request to it, in the form its host accepts.
 * The answer's head tells which model and deployment it was, since the body keeps the client's own model id.
 * @throws ApiError 404 for a model that is not deployed, or whatever the upstream answered.
 */
export async function forward(
  exchange: Exchange,
  context: ProxyContext,
  body: RequestBody,
  asked: Asked,
): Promise<Forwarded> {
  const { response, signal } = exchange;
  const { catalog, clientFor, learned, timing } = context;
  const plan = async () => {
    const resolution = await catalog.resolve(asked.model);
    setHeader(response, "x-aicore-model", resolution.model.id);
    return planFor(body, asked, resolution, context);
  };
  const { sendable, ...accepted } = await attempt(await plan(), {
    clientFor,
    learned,
    signal,
    idleTimeout: timing.upstreamIdle,
    committed: () => response.headersSent,
    async rediscover() {
      await catalog.refreshAfterMiss();
      return plan();
    },
  });
  setHeader(response, "x-aicore-deployment", accepted.deployment.id);
  setHeader(response, "x-aicore-attempts", String(accepted.attempts));
  return { ...accepted, plan: sendable };
}

/** Once an early ping has committed the head, headers can no longer be added; the log has the same facts. */
function setHeader(response: Exchange["response"], name: string, value: string): void {
  if (!response.headersSent) response.setHeader(name, value);
}
