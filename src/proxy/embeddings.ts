import type { Resolution } from "../catalog/resolve.ts";
import { readGeminiPath } from "../dialects/gemini/client.ts";
import {
  encodeBatchEmbedContents,
  encodeEmbedContent,
  readBatchEmbedContents,
  readEmbedContent,
} from "../dialects/gemini/embeddings.ts";
import { encodeEmbeddings, readEmbeddingCall } from "../dialects/openai/embeddings.ts";
import { invalidRequest } from "../errors.ts";
import type { JsonObject } from "../hub/json.ts";
import { noUsage } from "../hub/messages.ts";
import type { Sendable } from "../routing/attempt.ts";
import { embeddingHostFor } from "../upstreams/embeddings/index.ts";
import type { EmbeddingInput, EmbeddingRequest, Embeddings } from "../upstreams/embeddings/types.ts";
import { Account } from "./account.ts";
import { resolveFor } from "./allowed-models.ts";
import { readBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import { cutEchoes } from "./echoes.ts";
import { asApiError, type Exchange, sendJson, whileOpen } from "./exchange.ts";
import { unreadable } from "./failure.ts";
import { sendOn } from "./forward.ts";
import { parseAnswer } from "./parse-answer.ts";

/** Calls at a time to hosts that take one text a call. */
const PARALLEL = 4;

/** `POST /v1/embeddings`. */
export async function createEmbeddings(exchange: Exchange, context: ProxyContext): Promise<void> {
  await accounted(exchange, context, "openai-embeddings", async (account) => {
    const { json } = await readBody(exchange);
    const call = readEmbeddingCall(json);
    const told = await embed(exchange, context, account, { model: call.model, input: call, sent: json });
    return encodeEmbeddings(told, call);
  });
}

/** `POST /v1beta/models/:model:embedContent` and `:batchEmbedContents`. */
export async function embedContent(exchange: Exchange, context: ProxyContext): Promise<void> {
  await accounted(exchange, context, "gemini-embeddings", async (account) => {
    const { model, method } = readGeminiPath(exchange.path);
    const { json } = await readBody(exchange);
    const [read, encode] =
      method === "batchEmbedContents"
        ? [readBatchEmbedContents, encodeBatchEmbedContents]
        : [readEmbedContent, encodeEmbedContent];
    const told = await embed(exchange, context, account, { model, input: read(json), sent: json });
    return encode(told);
  });
}

async function accounted(
  exchange: Exchange,
  context: ProxyContext,
  dialect: string,
  answer: (account: Account) => Promise<unknown>,
): Promise<void> {
  const account = new Account(exchange, context, dialect);
  try {
    const document = await answer(account);
    account.began();
    account.completed();
    sendJson(exchange, 200, document);
  } catch (error) {
    account.failed(asApiError(error));
    throw error;
  }
}

interface Wanted {
  model: string;
  input: EmbeddingInput;
  /** The client's body, for what must not be repeated to it. */
  sent: JsonObject;
}

/**
 * The vectors of a request, from the model that it means.
 * @throws ApiError 400 for a model that makes none; whatever the upstream answered.
 */
async function embed(
  exchange: Exchange,
  context: ProxyContext,
  account: Account,
  { model, input, sent }: Wanted,
): Promise<Embeddings> {
  account.requested = model;
  const resolution = await whileOpen(exchange, resolveFor(exchange.key, context.catalog, model));
  account.model = resolution.model.id;
  account.enter();
  exchange.head["x-aicore-model"] = resolution.model.id;
  const host = hostOf(resolution);
  const requests = host.requests(input, resolution.model.id);
  try {
    const asked = inParallel(requests, (request) => ask(exchange, context, account, { request, resolution }));
    const bodies = await whileOpen(exchange, asked);
    const told = host.read(bodies);
    if (told.vectors.length !== input.inputs.length) throw unreadable();
    if (told.tokens > 0) account.usage = { ...noUsage(), input_tokens: told.tokens };
    else account.estimate({ ...noUsage(), input_tokens: guessOf(input) });
    return told;
  } catch (error) {
    cutEchoes(error, sent);
    throw error;
  }
}

/** What an answer without counts may have cost: an array of tokens is counted, a text has some four letters each. */
function guessOf({ inputs }: EmbeddingInput): number {
  return inputs.reduce(
    (sum, input) => sum + Math.ceil(typeof input === "string" ? input.length / 4 : input.length),
    0,
  );
}

function hostOf({ model, deployments: [deployment] }: Resolution) {
  const isEmbedding = model.capabilities.family === "embedding";
  const host = isEmbedding && deployment ? embeddingHostFor(deployment) : undefined;
  if (host) return host;
  throw invalidRequest(
    isEmbedding
      ? `model: '${model.id}' cannot be reached through this proxy yet.`
      : `model: '${model.id}' is a chat model; it makes no embeddings.`,
  );
}

async function ask(
  exchange: Exchange,
  context: ProxyContext,
  account: Account,
  { request, resolution }: { request: EmbeddingRequest; resolution: Resolution },
): Promise<JsonObject> {
  const { catalog } = context;
  const bytes = Buffer.from(JSON.stringify(request.body));
  const sendable: Sendable = {
    path: request.path,
    bodyFor: () => bytes,
    learn: () => undefined,
    deployments: resolution.deployments,
  };
  const { opened, lease } = await sendOn(exchange, context, account, sendable, {
    open: async (answer) => parseAnswer(await answer.body.bytes()),
    // Nothing of an embedding is cached, so each goes wherever there is room.
    session: () => undefined,
    background: true,
    async rediscover() {
      await catalog.refreshAfterMiss();
      return { ...sendable, deployments: (await catalog.resolve(resolution.model.id)).deployments };
    },
  });
  lease.end();
  return opened;
}

/** In the order of the items; the first failure is told, and nothing new is begun after it. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < items.length && !failed) {
      const at = next++;
      const item = items[at];
      if (item === undefined) return;
      results[at] = await work(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
  return results;
}
