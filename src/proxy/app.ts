import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { ApiError } from "../errors.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, sendError } from "./exchange.ts";
import { allowedMethods, ROUTES, type Route } from "./routes.ts";

/** What the server hands to the app beside the request: the exchange, already admitted by the guard. */
export type AppBindings = HttpBindings & { exchange: Exchange };

/**
 * The router. Handlers answer on the raw Node response (an eighth of the CPU of a web Response that is piped,
 * performance.md 4.1), so what they return only says that this has happened.
 */
export function createApp(context: ProxyContext): Hono<{ Bindings: AppBindings }> {
  const app = new Hono<{ Bindings: AppBindings }>({
    getPath: (request, options) => {
      const env = options?.env as AppBindings | undefined;
      return env?.exchange.path ?? new URL(request.url).pathname;
    },
  });
  for (const { method, path, handle } of ROUTES) {
    app.on(method, path, async (c) => {
      await handle(c.env.exchange, context, c.req.param("id") ?? "");
      return RESPONSE_ALREADY_SENT;
    });
  }
  app.notFound((c) => {
    const { exchange } = c.env;
    const methods = allowedMethods(exchange.path);
    if (methods.length > 0) exchange.head.allow = methods.join(", ");
    sendError(exchange, methods.length > 0 ? wrongMethod(exchange) : unknownPath(), context.log);
    return RESPONSE_ALREADY_SENT;
  });
  app.onError((error, c) => {
    sendError(c.env.exchange, error, context.log);
    return RESPONSE_ALREADY_SENT;
  });
  return app;
}

/** Routes that are asked over and over: those that take a body, under a path without a parameter. */
const DIRECT = new Map(
  ROUTES.filter(({ method, path }) => method === "POST" && !/[:*]/.test(path)).map(({ path, handle }) => [
    path,
    handle,
  ]),
);

/**
 * Answers on such a route at once, without the web Request and the context that the router makes for it (a tenth of the
 * CPU of a short request, Node 20, 2026-11); undefined for every other request, which is the router's.
 */
export function answerDirectly(exchange: Exchange, context: ProxyContext): Promise<void> | undefined {
  const handle = exchange.request.method === "POST" ? DIRECT.get(exchange.path) : undefined;
  return handle && answerBy(handle, exchange, context);
}

async function answerBy(handle: Route["handle"], exchange: Exchange, context: ProxyContext): Promise<void> {
  try {
    await handle(exchange, context, "");
  } catch (error) {
    sendError(exchange, error, context.log);
  }
}

function wrongMethod({ request, path }: Exchange): ApiError {
  return new ApiError(405, `${request.method} is not allowed on ${path}.`);
}

function unknownPath(): ApiError {
  const routes = ROUTES.filter(({ path }) => !/^\/(admin|ui)\//.test(path)).map(
    ({ method, path }) => `${method} ${path.replace("{.+}", "")}`,
  );
  return new ApiError(404, `There is no such path. Known are: ${routes.join(", ")}.`);
}
