import type { Model } from "../catalog/model.ts";
import { checkModelName } from "../dialects/model-name.ts";
import { modelsFor, resolveFor } from "./allowed-models.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";
import { type Page, pageOf } from "./model-pages.ts";

const CURSORS = { limit: "limit", after: "after_id", before: "before_id" };
const GEMINI_CURSORS = { limit: "pageSize", after: "pageToken" };

/** `GET /v1/models`: every RUNNING model, in the shape of the API that asks. All of them when no `limit` is given. */
export async function listModels(exchange: Exchange, { catalog }: ProxyContext): Promise<void> {
  await catalog.ensureFresh();
  const page = pageOf(modelsFor(exchange.key, catalog.models()), queryOf(exchange), CURSORS);
  sendJson(exchange, 200, isAnthropic(exchange) ? anthropicList(page) : openaiList(page));
}

/** `GET /v1/models/:id`: answers aliases and client ids too, with SAP's name as id. */
export async function retrieveModel(
  exchange: Exchange,
  { catalog }: ProxyContext,
  id: string,
): Promise<void> {
  checkModelName(id);
  const { model } = await resolveFor(exchange.key, catalog, id);
  sendJson(exchange, 200, isAnthropic(exchange) ? anthropicModel(model) : openaiModel(model));
}

/** `GET /v1beta/models`: the Gemini shape. */
export async function listGeminiModels(exchange: Exchange, { catalog }: ProxyContext): Promise<void> {
  await catalog.ensureFresh();
  const { models, hasMore } = pageOf(
    modelsFor(exchange.key, catalog.models()),
    queryOf(exchange),
    GEMINI_CURSORS,
  );
  const last = models.at(-1);
  sendJson(exchange, 200, {
    models: models.map(geminiModel),
    ...(hasMore && last && { nextPageToken: last.id }),
  });
}

function anthropicList({ models, hasMore }: Page): unknown {
  return {
    data: models.map(anthropicModel),
    has_more: hasMore,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
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

function openaiList({ models, hasMore }: Page): unknown {
  return { object: "list", data: models.map(openaiModel), has_more: hasMore };
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
