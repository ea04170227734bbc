import type { ProxyContext } from "../context.ts";
import { type Exchange, sendJson, whileOpen } from "../exchange.ts";

/**
 * `POST /admin/deployments/refresh`: looks up what is deployed now, rather than within five minutes.
 * @throws ApiError of the first tenant, when not one could be read.
 */
export async function refreshDeployments(exchange: Exchange, { catalog }: ProxyContext): Promise<void> {
  await whileOpen(exchange, catalog.refresh());
  sendJson(exchange, 200, { models: catalog.models().length });
}
