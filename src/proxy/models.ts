import type { Model } from "../catalog/model.ts";
import { invalidRequest } from "../errors.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";

/** `GET /v1/models`: every RUNNING model, in the shape of the API that asks. All of them when no `limit` is given. */
export async function listModels(exchange: Exchange, { catalog }: ProxyContext): Promise<void> {
  await catalog.ensureFresh();
  const models = catalog.models();
  sendJson(
    exchange,
    200,
    isAnthropic(exchange) ? anthropicList(models, queryOf(exchange)) : openaiList(models),
  );
}

/** `GET /v1/models/:id`: answers aliases and client ids too, with SAP's name as id. */
export async function retrieveModel(
  exchange: Exchange,
  { catalog }: ProxyContext,
  id: string,
): Promise<void> {
  const { model } = await catalog.resolve(id);
  sendJson(exchange, 200, isAnthropic(exchange) ? anthropicModel(model) : openaiModel(model));
}

/** `GET /v1beta/models`: the Gemini shape. */
export async function listGeminiModels(exchange: Exchange, { catalog }: ProxyContext): Promise<void> {
  await catalog.ensureFresh();
  sendJson(exchange, 200, { models: catalog.models().map(geminiModel) });
}

/** The Anthropic list with its cursor: `limit`, `after_id`, `before_id`. */
function anthropicList(models: Model[], query: URLSearchParams): unknown {
  const after = models.findIndex(({ id }) => id === query.get("after_id"));
  const before = models.findIndex(({ id }) => id === query.get("before_id"));
  const limit = limitOf(query) ?? models.length;
  const rest = models.slice(after + 1, before === -1 ? undefined : before);
  const page = before === -1 ? rest.slice(0, limit) : rest.slice(-limit);
  return {
    data: page.map(anthropicModel),
    has_more: page.length < rest.length,
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
  };
}

function limitOf(query: URLSearchParams): number | undefined {
  const text = query.get("limit");
  if (text === null) return undefined;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1_000) return limit;
  throw invalidRequest("limit: Input should be an integer from 1 to 1000");
}

function anthropicModel(model: Model): Record<string, unknown> {
  return {
    type: "model",
    id: model.id,
    display_name: model.capabilities.displayName,
    created_at: createdAt(model),
    max_input_tokens: model.capabilities.contextWindow,
    max_tokens: model.capabilities.maxOutputTokens,
  };
}

function openaiList(models: Model[]): unknown {
  return { object: "list", data: models.map(openaiModel) };
}

function openaiModel(model: Model): Record<string, unknown> {
  return {
    id: model.id,
    object: "model",
    created: Math.floor(Date.parse(createdAt(model)) / 1000),
    owned_by: model.capabilities.family,
    context_window: model.capabilities.contextWindow,
    max_output_tokens: model.capabilities.maxOutputTokens,
  };
}

function geminiModel(model: Model): Record<string, unknown> {
  return {
    name: `models/${model.id}`,
    displayName: model.capabilities.displayName,
    inputTokenLimit: model.capabilities.contextWindow,
    outputTokenLimit: model.capabilities.maxOutputTokens,
  };
}

/** RFC 3339; the epoch where SAP names no date, as Anthropic does for unknown release dates. */
function createdAt(model: Model): string {
  const created = model.deployments[0]?.createdAt ?? "";
  return Number.isNaN(Date.parse(created)) ? "1970-01-01T00:00:00Z" : created;
}

function isAnthropic({ dialect }: Exchange): boolean {
  return dialect.name === "anthropic";
}

function queryOf({ request }: Exchange): URLSearchParams {
  return new URLSearchParams(request.url?.split("?", 2)[1] ?? "");
}
