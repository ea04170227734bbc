import { readBetas } from "../dialects/anthropic/betas.ts";
import { readCountTokensCall } from "../dialects/anthropic/request.ts";
import { geminiClient } from "../dialects/gemini/client.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { resolveFor } from "./allowed-models.ts";
import { readBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";

/**
 * `POST /v1/messages/count_tokens`. SAP offers no such call (protocol 4a.1, five sources), so the count is an
 * estimate, calibrated per model by the usage that real answers report.
 */
export async function countTokens(exchange: Exchange, context: ProxyContext): Promise<void> {
  const { catalog, estimator, bodies } = context;
  const { json } = await readBody(exchange, { known: bodies });
  const call = readCountTokensCall(json);
  readBetas(exchange.request.headers["anthropic-beta"], json);
  const { model } = await resolveFor(exchange.key, catalog, call.model);
  exchange.head["x-aicore-model"] = model.id;
  sendJson(exchange, 200, { input_tokens: estimator.count(model.id, json) });
}

/** `POST /v1beta/models/…:countTokens`, in Google's shape: the request stands at the top or in `generateContentRequest`. */
export async function countGeminiTokens(exchange: Exchange, context: ProxyContext): Promise<void> {
  const { catalog, estimator, log, bodies } = context;
  const { json } = await readBody(exchange, { known: bodies });
  const body = isObject(json.generateContentRequest) ? json.generateContentRequest : json;
  const call = geminiClient.read(body, exchange.path, (text) => log.once(text, "info", text));
  const { model } = await resolveFor(exchange.key, catalog, call.model);
  exchange.head["x-aicore-model"] = model.id;
  const totalTokens = estimator.count(model.id, call.hub() as unknown as JsonObject);
  sendJson(exchange, 200, { totalTokens });
}
