import type { ProxyContext } from "./context.ts";
import { type Exchange, sendJson } from "./exchange.ts";
import { answer, count, flag, type Operation, object, text } from "./operation.ts";

export const healthOperation: Operation = {
  operationId: "health",
  summary: "Whether the program runs",
  tags: ["state"],
  responses: {
    200: answer("It runs.", object({ status: { type: "string", const: "ok" }, version: text() })),
  },
};

/** Open to anyone who may call at all: status and version, no more. */
export function health(exchange: Exchange, { version }: ProxyContext): void {
  sendJson(exchange, 200, { status: "ok", version });
}

/** Claude Code warms its connection with it and ignores the answer (clients.md 1.2). */
export function hello(exchange: Exchange): void {
  sendJson(exchange, 200, {});
}

const READY = object({ ready: flag(), models: count() });

export const readyOperation: Operation = {
  operationId: "ready",
  summary: "Whether requests can be served",
  tags: ["state"],
  responses: {
    200: answer("Models are known.", READY),
    503: answer("None is known yet.", READY),
  },
};

/** Whether requests can be served: models are known. 503 until then. */
export function ready(exchange: Exchange, { catalog }: ProxyContext): void {
  const models = catalog.models().length;
  sendJson(exchange, models > 0 ? 200 : 503, { ready: models > 0, models });
}
