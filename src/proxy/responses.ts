import { readUpstreamError } from "../aicore/errors.ts";
import { responsesClient } from "../dialects/openai-responses/client.ts";
import { ApiError } from "../errors.ts";
import { azureResponses } from "../upstreams/azure-openai/index.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";
import { parseAnswer } from "./parse-answer.ts";

/**
 * `GET` and `DELETE /v1/responses/:id`: from the deployment that answered under this id.
 * @throws ApiError 404 for an id that did not come through this proxy since it started.
 */
export async function storedResponse(exchange: Exchange, context: ProxyContext, id: string): Promise<void> {
  const deployment = context.responses.deploymentOf(id);
  if (!deployment || !/^[\w-]{1,200}$/.test(id)) throw unknownResponse(id);
  const method = exchange.request.method === "DELETE" ? "DELETE" : "GET";
  const path = `/responses/${id}`;
  const answer = await context
    .clientFor(deployment)
    .infer({ deployment, path, method, signal: exchange.signal });
  const bytes = await answer.body.bytes();
  if (answer.status !== 200) throw readUpstreamError(answer.status, answer.headers, bytes.toString("utf8"));
  if (method === "DELETE") context.responses.forget(id);
  exchange.head["x-aicore-deployment"] = deployment.id;
  const stored = azureResponses.cleanAnswer(parseAnswer(bytes));
  sendJson(exchange, 200, responsesClient.native.withModel(stored, deployment.model ?? ""));
}

/** An id that this proxy has not seen. */
export function unknownResponse(id: string): ApiError {
  return new ApiError(404, `Response with id '${id.slice(0, 100)}' not found.`, {
    reason: "response_not_found",
    hint: "Stored responses are known for as long as the proxy that answered runs.",
  });
}
