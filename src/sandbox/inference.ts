/** `/v2/inference/deployments/{id}/…`: which family answers, and what the gateway refuses before it is asked. */
import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Json } from "../hub/json.ts";
import { type Answer, lmError, type PlainAnswer, refused, text } from "./answer.ts";
import { azure } from "./azure/family.ts";
import { claude } from "./claude/family.ts";
import type { PromptCache } from "./claude/prompt-cache.ts";
import { converse } from "./converse/family.ts";
import { embeddingFamilies } from "./embeddings/families.ts";
import { gemini } from "./gemini/family.ts";
import { compatibleFamilies } from "./openai-compatible/family.ts";
import type { Memory } from "./openai-compatible/memory.ts";
import { orchestration } from "./orchestration/family.ts";
import { Refusal } from "./refusal.ts";
import { type Deployment, statusOf } from "./tenant.ts";

/** One model family behind the gateway. A new one is a file with this shape and a row in `FAMILIES`. */
export interface Family {
  executable: string;
  serves(model: string): boolean;
  /** Sub-path → what answers there. A handler throws a Refusal for what the model's host would not take. */
  paths: Readonly<Record<string, Handler>>;
  /** What answers a path with a query or an id in it, or a method that is not POST; their body is null. */
  find?(method: string, subpath: string): Handler | undefined;
  /** A refusal in the words of this family's host. */
  error(status: number, message: string): PlainAnswer;
}

export type Handler = (call: InferenceCall) => Answer;

export interface InferenceCall {
  /** Deployment id. */
  deployment: string;
  model: string;
  body: Json;
  accept: string;
  promptCache: PromptCache;
  memory: Memory;
  temper: Temper;
}

/** How this tenant's models differ from the general rules. */
export interface Temper {
  /** Betas that they do not know although others do. */
  unknownBetas: readonly string[];
  /** They call tools when the script says so. */
  callsTools: boolean;
}

export interface InferenceRequest {
  method: string;
  /** Below the deployment, with the query if there is one: `/invoke`. */
  subpath: string;
  headers: IncomingHttpHeaders;
  /** As it came. */
  body: string;
  promptCache: PromptCache;
  memory: Memory;
  temper: Temper;
}

const FAMILIES: readonly Family[] = [
  claude,
  converse,
  gemini,
  azure,
  ...compatibleFamilies,
  ...embeddingFamilies,
  orchestration,
];

/**
 * The only headers that may arrive here. Anything else came from a client and leaked through the proxy: its own
 * key, its cookies, its telemetry (protocol 4.0).
 */
const KNOWN_HEADERS: ReadonlySet<string> = new Set([
  ...["host", "connection", "content-length", "transfer-encoding", "user-agent"],
  ...["authorization", "ai-resource-group", "ai-client-type", "ai-tenant-id"],
  ...["content-type", "accept", "accept-encoding"],
]);

/** The answer, with the headers that every inference answer has (protocol 6.3). */
export function infer(request: InferenceRequest, deployment: Deployment | undefined): Answer {
  const id = randomUUID();
  const answer = answerTo(request, deployment);
  const headers = { "x-request-id": id, "ai-inference-id": id, "x-upstream-service-time": "42" };
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function answerTo(request: InferenceRequest, deployment: Deployment | undefined): Answer {
  const leak = leakedHeader(request.headers);
  if (leak !== undefined) return refused(text(400, leak), leak);
  const status = deployment === undefined ? "UNKNOWN" : statusOf(deployment);
  // One that is not ready yet is as good as absent (protocol 3.1); one that has ended has no one listening.
  if (deployment === undefined || status === "UNKNOWN" || status === "PENDING") {
    return lmError(404, "01010004", "Deployment ID not found", "/api/v2/inference");
  }
  if (status !== "RUNNING") return text(503, "no healthy upstream");

  const { executable, model = "" } = deployment;
  const family = FAMILIES.find((one) => one.executable === executable && one.serves(model));
  const handler = handlerOf(family, request);
  if (family === undefined || handler === undefined) {
    return refused(text(404, "Subpath not allowed"), `Subpath not allowed: ${request.subpath}`);
  }
  try {
    const { promptCache, memory, temper, headers } = request;
    const body = parsed(request);
    const accept = headers.accept ?? "";
    return handler({ deployment: deployment.id, model, body, accept, promptCache, memory, temper });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refused(family.error(error.status, error.message), error.message);
  }
}

function handlerOf(family: Family | undefined, { method, subpath }: InferenceRequest): Handler | undefined {
  const plain = method === "POST" ? family?.paths[subpath] : undefined;
  return plain ?? family?.find?.(method, subpath);
}

/** The first header that should not be here, as a complaint. */
function leakedHeader(headers: IncomingHttpHeaders): string | undefined {
  const leaked = Object.keys(headers).find((name) => !KNOWN_HEADERS.has(name));
  if (leaked !== undefined) return `header ${leaked} must not reach SAP AI Core`;
  const encoding = headers["accept-encoding"] ?? "identity";
  return encoding === "identity" ? undefined : `accept-encoding must be identity, not ${encoding}`;
}

function parsed({ method, headers, body }: InferenceRequest): Json {
  if (method !== "POST") return null;
  if (!/^application\/json\b/.test(headers["content-type"] ?? "")) {
    throw new Refusal("Content-Type must be application/json", 415);
  }
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw new Refusal("Malformed input request, please reformat your input and try again.");
  }
}
