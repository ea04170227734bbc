import { readBetas } from "../dialects/anthropic/betas.ts";
import { readCountTokensCall } from "../dialects/anthropic/request.ts";
import { readBody } from "./body.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";

/**
 * `POST /v1/messages/count_tokens`. SAP offers no such call (protocol 4a.1, five sources), so the count is an
 * estimate, calibrated per model by the usage that real answers report.
 */
export async function countTokens(exchange: Exchange, { catalog, estimator }: ProxyContext): Promise<void> {
  const { json } = await readBody(exchange.request);
  const call = readCountTokensCall(json);
  readBetas(exchange.request.headers["anthropic-beta"], json);
  const { model } = await catalog.resolve(call.model);
  exchange.response.setHeader("x-aicore-model", model.id);
  sendJson(exchange, 200, { input_tokens: estimator.count(model.id, json) });
}
