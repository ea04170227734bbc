import { anthropicClient } from "../dialects/anthropic/client.ts";
import type { ClientDialect } from "../dialects/client.ts";
import { geminiClient, readGeminiPath } from "../dialects/gemini/client.ts";
import { chatClient } from "../dialects/openai-chat/client.ts";
import { responsesClient } from "../dialects/openai-responses/client.ts";
import { ApiError } from "../errors.ts";
import { azureCompact } from "../upstreams/azure-openai/index.ts";
import type { Upstream } from "../upstreams/types.ts";
import { openapiOperation } from "./admin/operations.ts";
import { ADMIN_ROUTES } from "./admin/routes.ts";
import type { ProxyContext } from "./context.ts";
import { countGeminiTokens, countTokens } from "./count-tokens.ts";
import { createEmbeddings, embedContent } from "./embeddings.ts";
import { type Exchange, sendJson } from "./exchange.ts";
import { metricsOperation, showMetrics } from "./metrics/index.ts";
import { listGeminiModels, listModels, retrieveModel } from "./models.ts";
import { openapiOf } from "./openapi.ts";
import type { Operation } from "./operation.ts";
import { health, healthOperation, hello, ready, readyOperation } from "./probes.ts";
import { relay } from "./relay.ts";
import { storedResponse } from "./responses.ts";
import { stats, statsOperation } from "./stats.ts";
import { UI_ROUTES } from "./ui/routes.ts";

export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** Answers without a key. Nothing here may tell more than that the program runs. */
  open?: true;
  /** Its entry in the OpenAPI document; the routes of the models' APIs have none. */
  operation?: Operation;
  handle(exchange: Exchange, context: ProxyContext, id: string): void | Promise<void>;
}

/** Every route; HEAD is answered where GET is. A path that is not here is 404, and refused without a key all the same. */
export const ROUTES: readonly Route[] = [
  { method: "GET", path: "/", open: true, handle: health },
  { method: "GET", path: "/health", open: true, handle: health, operation: healthOperation },
  { method: "GET", path: "/api/hello", open: true, handle: hello },
  ...UI_ROUTES,
  { method: "GET", path: "/ready", handle: ready, operation: readyOperation },
  { method: "GET", path: "/stats", handle: stats, operation: statsOperation },
  { method: "GET", path: "/metrics", handle: showMetrics, operation: metricsOperation },
  { method: "POST", path: "/v1/messages", handle: relayAs(anthropicClient) },
  { method: "POST", path: "/v1/messages/count_tokens", handle: countTokens },
  { method: "POST", path: "/v1/chat/completions", handle: relayAs(chatClient) },
  { method: "POST", path: "/v1/responses", handle: relayAs(responsesClient) },
  { method: "POST", path: "/v1/responses/compact", handle: relayAs(responsesClient, azureCompact) },
  { method: "GET", path: "/v1/responses/:id", handle: storedResponse },
  { method: "DELETE", path: "/v1/responses/:id", handle: storedResponse },
  { method: "POST", path: "/v1/embeddings", handle: createEmbeddings },
  { method: "POST", path: "/v1beta/models/:id{.+}", handle: gemini },
  { method: "POST", path: "/v1/models/:id{.+}", handle: gemini },
  { method: "GET", path: "/v1/models", handle: listModels },
  { method: "GET", path: "/v1/models/:id{.+}", handle: retrieveModel },
  { method: "GET", path: "/v1beta/models", handle: listGeminiModels },
  ...ADMIN_ROUTES,
  { method: "GET", path: "/admin/openapi.json", handle: showOpenapi, operation: openapiOperation },
];

const OPEN = new Set(ROUTES.filter((route) => route.open).map((route) => route.path));
const PATTERNS = ROUTES.map(({ method, path }) => ({ method, pattern: patternOf(path) }));

/** Whether a request may pass without a key. */
export function isOpen(method: string | undefined, path: string): boolean {
  return (method === "GET" || method === "HEAD") && OPEN.has(path);
}

/** The methods that a path answers to; none for an unknown path. */
export function allowedMethods(path: string): string[] {
  const methods = PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return [...new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods)];
}

function relayAs(client: ClientDialect, via?: Upstream): Route["handle"] {
  return (exchange, context) => relay(exchange, context, client, via);
}

/** The methods of a Gemini model, which stand in the path behind its name. */
function gemini(exchange: Exchange, context: ProxyContext): Promise<void> {
  const { method } = readGeminiPath(exchange.path);
  switch (method) {
    case "generateContent":
    case "streamGenerateContent":
      return relay(exchange, context, geminiClient);
    case "embedContent":
    case "batchEmbedContents":
      return embedContent(exchange, context);
    case "countTokens":
      return countGeminiTokens(exchange, context);
    default:
      throw new ApiError(404, `models/…:${method.slice(0, 40)} is not known here.`);
  }
}

/** `GET /admin/openapi.json`. */
function showOpenapi(exchange: Exchange, { version }: ProxyContext): void {
  sendJson(exchange, 200, openapiOf(ROUTES, version));
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace("/:id{.+}", "/.+").replace("/:id", "/[^/]+")}$`);
}
