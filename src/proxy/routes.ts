import { ApiError } from "../errors.ts";
import type { ProxyContext } from "./context.ts";
import { countTokens } from "./count-tokens.ts";
import type { Exchange } from "./exchange.ts";
import { listGeminiModels, listModels, retrieveModel } from "./models.ts";
import { health, hello, ready } from "./probes.ts";
import { relayMessages } from "./relay.ts";

export interface Route {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** Answers without a key. Nothing here may tell more than that the program runs. */
  open?: true;
  handle(exchange: Exchange, context: ProxyContext, id: string): void | Promise<void>;
}

/** Every route; HEAD is answered where GET is. A path that is not here is 404, and refused without a key all the same. */
export const ROUTES: readonly Route[] = [
  { method: "GET", path: "/", open: true, handle: health },
  { method: "GET", path: "/health", open: true, handle: health },
  { method: "GET", path: "/api/hello", open: true, handle: hello },
  { method: "GET", path: "/ready", handle: ready },
  { method: "POST", path: "/v1/messages", handle: relayMessages },
  { method: "POST", path: "/v1/messages/count_tokens", handle: countTokens },
  { method: "GET", path: "/v1/models", handle: listModels },
  { method: "GET", path: "/v1/models/:id{.+}", handle: retrieveModel },
  { method: "GET", path: "/v1beta/models", handle: listGeminiModels },
  ...(["GET", "POST", "PUT", "PATCH", "DELETE"] as const).map((method) => {
    return { method, path: "/admin/*", handle: refuseAdmin };
  }),
];

const OPEN = new Set(ROUTES.filter((route) => route.open).map((route) => route.path));
const PATTERNS = ROUTES.map(({ method, path }) => ({ method, pattern: patternOf(path) }));

/** Whether a request may pass without a key. */
export function isOpen(method: string | undefined, path: string): boolean {
  return (method === "GET" || method === "HEAD") && OPEN.has(path);
}

/** The methods that a path answers to; none for an unknown path. */
export function allowedMethods(path: string): string[] {
  const methods = PATTERNS.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  return [...new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods)];
}

/** No admin key can be made yet, and an inference key never is one (security T16). */
function refuseAdmin(): never {
  throw new ApiError(403, "The admin API needs an admin key.");
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace("/:id{.+}", "/.+").replace("/*", "(/.*)?")}$`);
}
