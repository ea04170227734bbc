import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { ApiError } from "../errors.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, sendError } from "./exchange.ts";
import { allowedMethods, ROUTES } from "./routes.ts";

/** What the server hands to the app beside the request: the exchange, already admitted by the guard. */
type AppBindings = HttpBindings & { exchange: Exchange };

/**
 * Answers any request, by the route that its path leads to. Hono's request and response are Node's own `fetch`, which takes
 * 19 ms and 10 MB to load (Node 20, 2026-11), so that this module is only loaded for a request that `answerDirectly` leaves.
 */
export function createRouter(context: ProxyContext): (exchange: Exchange) => void {
  const app = createApp(context);
  // No WeakMap: its values outlive every minor collection (V8), and so would all that an exchange holds.
  const opened = new Map<object, Exchange>();
  const listener = getRequestListener(
    (request, env) => {
      const exchange = opened.get(env.incoming);
      opened.delete(env.incoming);
      return app.fetch(request, { ...env, exchange } as AppBindings);
    },
    { overrideGlobalObjects: false, autoCleanupIncoming: false },
  );
  return (exchange) => {
    opened.set(exchange.request, exchange);
    void listener(exchange.request, exchange.response);
  };
}

/**
 * Handlers answer on the raw Node response (an eighth of the CPU of a web Response that is piped,
 * performance.md 4.1), so what they return only says that this has happened.
 */
function createApp(context: ProxyContext): Hono<{ Bindings: AppBindings }> {
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

function wrongMethod({ request, path }: Exchange): ApiError {
  return new ApiError(405, `${request.method} is not allowed on ${path}.`);
}

function unknownPath(): ApiError {
  const routes = ROUTES.filter(({ path }) => !/^\/(admin|ui)\//.test(path)).map(
    ({ method, path }) => `${method} ${path.replace("{.+}", "")}`,
  );
  return new ApiError(404, `There is no such path. Known are: ${routes.join(", ")}.`);
}
