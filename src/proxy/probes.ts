import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";

/** Open to anyone who may call at all: status and version, no more. */
export function health(exchange: Exchange, { version }: ProxyContext): void {
  sendJson(exchange, 200, { status: "ok", version });
}

/** Claude Code warms its connection with it and ignores the answer (clients.md 1.2). */
export function hello(exchange: Exchange): void {
  sendJson(exchange, 200, {});
}

/** Whether requests can be served: models are known. 503 until then. */
export function ready(exchange: Exchange, { catalog }: ProxyContext): void {
  const models = catalog.models().length;
  sendJson(exchange, models > 0 ? 200 : 503, { ready: models > 0, models });
}
