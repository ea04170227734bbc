import type { Resolution } from "../catalog/resolve.ts";
import { ApiError } from "../errors.ts";
import type { JsonObject } from "../hub/json.ts";
import { type Accepted, attempt, type Sendable } from "../routing/attempt.ts";
import { spliceMembers } from "../stream/json-members.ts";
import { upstreamFor } from "../upstreams/index.ts";
import type { Call, Upstream } from "../upstreams/types.ts";
import type { RequestBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";

/** What a client asked for, beside its body. */
export interface Asked {
  model: string;
  stream: boolean;
  betas: readonly string[];
}

/** A request as it is sent to the deployments of one model. */
interface Prepared extends Sendable {
  upstream: Upstream;
  call: Call;
}

/** An accepted request: the answer, and what it was sent as. */
export interface Forwarded extends Omit<Accepted<Prepared>, "sendable"> {
  upstream: Upstream;
  call: Call;
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
  const prepare = async () => {
    const resolution = await catalog.resolve(asked.model);
    setHeader(response, "x-aicore-model", resolution.model.id);
    return prepared(body, asked, resolution, context);
  };
  const { sendable, ...accepted } = await attempt(await prepare(), {
    clientFor,
    learned,
    signal,
    idleTimeout: timing.upstreamIdle,
    committed: () => response.headersSent,
    async rediscover() {
      await catalog.refreshAfterMiss();
      return prepare();
    },
  });
  setHeader(response, "x-aicore-deployment", accepted.deployment.id);
  setHeader(response, "x-aicore-attempts", String(accepted.attempts));
  return { ...accepted, upstream: sendable.upstream, call: sendable.call };
}

function prepared(body: RequestBody, asked: Asked, resolution: Resolution, context: ProxyContext): Prepared {
  const upstream = upstreamOf(resolution);
  const call = callOf(asked, resolution, context);
  return {
    upstream,
    call,
    deployments: resolution.deployments,
    path: upstream.path(call),
    bodyFor: (learned) => sendableBody(body, upstream.prepare(body.json, { ...call, learned })),
    learn: (error, learned) => upstream.learn(error.status, error.message, { ...call, learned }),
  };
}

function upstreamOf({ model, deployments }: Resolution): Upstream {
  const [deployment] = deployments;
  const upstream = deployment && upstreamFor(deployment);
  if (upstream) return upstream;
  throw new ApiError(400, `model: '${model.id}' cannot be reached through this API yet.`, {
    reason: "unsupported_model",
    hint: "Claude models can.",
  });
}

function callOf(asked: Asked, { model, longContext }: Resolution, { log }: ProxyContext): Call {
  const { longContextBeta } = model.capabilities;
  return {
    model: model.id,
    stream: asked.stream,
    capabilities: model.capabilities,
    betas: longContext && longContextBeta ? [...new Set([...asked.betas, longContextBeta])] : asked.betas,
    learned: new Set(),
    note: (text) => log.once(`${model.id} ${text}`, "info", `${model.id}: ${text}`),
  };
}

/** Members that kept their identity keep their bytes; a body that needed no change at all is sent as it came. */
function sendableBody({ bytes, outline, json }: RequestBody, prepared: JsonObject): Buffer {
  return prepared === json ? bytes : spliceMembers(bytes, outline, json, prepared);
}

/** Once an early ping has committed the head, headers can no longer be added; the log has the same facts. */
function setHeader(response: Exchange["response"], name: string, value: string): void {
  if (!response.headersSent) response.setHeader(name, value);
}
