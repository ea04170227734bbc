import type { Deployment } from "../aicore/deployment.ts";
import type { Resolution } from "../catalog/resolve.ts";
import type { ClientCall, ClientDialect } from "../dialects/client.ts";
import { CLIENT_DIALECTS } from "../dialects/clients.ts";
import { ApiError, invalidRequest } from "../errors.ts";
import { withBreakpoints } from "../hub/breakpoints.ts";
import type { JsonObject } from "../hub/json.ts";
import type { HubRequest } from "../hub/messages.ts";
import type { Sendable } from "../routing/attempt.ts";
import { spliceMembers } from "../stream/json-members.ts";
import { upstreamsFor } from "../upstreams/index.ts";
import type { AnswerTranslation, Call, Upstream } from "../upstreams/types.ts";
import type { RequestBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import { unknownResponse } from "./responses.ts";

/** Rough, and only for the text of an error. */
const BYTES_PER_TOKEN = 3.5;

const NONE: ReadonlySet<string> = new Set();

/** What a client asked for, beside its body. */
export interface Asked extends ClientCall {
  client: ClientDialect;
  /** The one upstream that can do what the route is for, where there is but one. */
  via?: Upstream | undefined;
  betas: readonly string[];
}

/** A request as it is sent to the deployments of one model, and how its answer is turned back. */
export interface Plan extends Sendable {
  asked: Asked;
  client: ClientDialect;
  /** The dialect that the upstream speaks; the client's own on the native path. */
  server: ClientDialect;
  upstream: Upstream;
  call: Call;
  /** The request in the hub's words; undefined on the native path, which needs none. */
  hub: HubRequest | undefined;
  /** The request as Messages, by which token estimates are learned; undefined where that is not worth its cost. */
  messages(): JsonObject | undefined;
  translation: AnswerTranslation | undefined;
}

/**
 * Decides how a request reaches its model: natively where the deployment speaks the client's dialect, through the hub
 * where it does not. A native body keeps the bytes of every member that nobody changes.
 * @throws ApiError 400 for a model that no upstream reaches.
 */
export function planFor(
  body: RequestBody,
  asked: Asked,
  resolution: Resolution,
  context: ProxyContext,
): Plan {
  const { client } = asked;
  const upstream = upstreamOf(resolution, asked, body.json);
  const server = CLIENT_DIALECTS[upstream.dialect];
  const call = callOf(asked, resolution, context);
  const native = server === client;
  const hub = native ? undefined : { ...asked.hub(), stream: asked.stream };
  const sent = hub ? translated(hub, server, call) : body.json;
  return {
    asked,
    client,
    server,
    upstream,
    call,
    hub,
    messages: () => (hub ? asJson(hub) : messagesOf(asked, body.json)),
    translation: upstream.translation(sent),
    deployments: deploymentsFor(body.json, resolution, native, context),
    path: upstream.path(call),
    accept: upstream.accept?.(call),
    bodyFor(learned) {
      const prepared = upstream.prepare(sent, { ...call, learned });
      return native ? nativeBytes(body, prepared) : Buffer.from(JSON.stringify(prepared));
    },
    explain: (error) =>
      upstream.explain?.(error, call, Math.ceil(body.bytes.length / BYTES_PER_TOKEN)) ?? error,
    learn: (error, learned) => upstream.learn(error.status, error.message, { ...call, learned }),
  };
}

/**
 * A request that goes on from a stored response belongs to the deployment that stored it.
 * @throws ApiError 400 where the model's host stores nothing, 404 for an id that we do not know.
 */
function deploymentsFor(
  { previous_response_id: previous }: JsonObject,
  { model, deployments }: Resolution,
  native: boolean,
  { responses }: ProxyContext,
): readonly Deployment[] {
  if (typeof previous !== "string") return deployments;
  if (!native) throw invalidRequest(`previous_response_id: '${model.id}' does not store responses`);
  const storing = responses.deploymentOf(previous);
  if (storing) return [storing];
  throw unknownResponse(previous);
}

/** Of the upstreams that serve the model the one that speaks the client's dialect, where it can do what is asked. */
function upstreamOf({ model, deployments }: Resolution, { client, via }: Asked, body: JsonObject): Upstream {
  if (model.capabilities.family === "embedding") throw onlyEmbeds(model.id);
  const serving = deployments[0] ? upstreamsFor(deployments[0]) : [];
  if (via && deployments[0] && via.serves(deployments[0])) return via;
  if (via) throw invalidRequest(`model: '${model.id}' cannot do this; GPT models can`);
  const able = serving.filter(
    ({ dialect, cannot }) => dialect !== client.codec.name || !cannot?.(body, model.id),
  );
  const upstream = able.find(({ dialect }) => dialect === client.codec.name) ?? able[0] ?? serving[0];
  if (upstream) return upstream;
  throw new ApiError(400, `model: '${model.id}' cannot be reached through this proxy yet.`, {
    reason: "unsupported_model",
  });
}

function onlyEmbeds(model: string): ApiError {
  return new ApiError(400, `model: '${model}' makes embeddings and cannot chat.`, {
    reason: "unsupported_model",
    hint: "Ask it at /v1/embeddings.",
  });
}

function callOf(asked: Asked, { model, longContext }: Resolution, { log }: ProxyContext): Call {
  const { longContextBeta } = model.capabilities;
  return {
    model: model.id,
    stream: asked.stream,
    capabilities: model.capabilities,
    betas: longContext && longContextBeta ? [...new Set([...asked.betas, longContextBeta])] : asked.betas,
    learned: NONE,
    note: (text) => log.once(`${model.id} ${text}`, "info", `${model.id}: ${text}`),
  };
}

/** The request in the upstream's dialect. Only Anthropic clients can ask for prompt caching; for the others we do. */
function translated(hub: HubRequest, { codec }: ClientDialect, call: Call): JsonObject {
  return codec.encodeRequest(codec.name === "anthropic" ? withBreakpoints(hub) : hub, call);
}

/**
 * A native request as Messages. Only dialects that can count tokens learn; a request that the hub has no words for
 * (sound, film) teaches nothing.
 */
function messagesOf({ client, hub }: Asked, body: JsonObject): JsonObject | undefined {
  if (client.codec.name === "anthropic") return body;
  if (client.codec.name !== "gemini") return undefined;
  try {
    return asJson(hub());
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

function asJson(hub: HubRequest): JsonObject {
  return hub as unknown as JsonObject;
}

/** Members that kept their identity keep their bytes; a body that needed no change at all is sent as it came. */
function nativeBytes({ bytes, outline, json }: RequestBody, prepared: JsonObject): Buffer {
  return prepared === json ? bytes : spliceMembers(bytes, outline, json, prepared);
}
