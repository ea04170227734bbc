import type { ProxyContext } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { Route } from "../routes.ts";
import { backendOf } from "./access.ts";
import { refreshDeployments } from "./deployments.ts";
import { createKey, listKeys, revokeKey } from "./keys.ts";
import {
  createKeyOperation,
  eventsOperation,
  listKeysOperation,
  refreshOperation,
  requestsOperation,
  revokeKeyOperation,
  usageOperation,
} from "./operations.ts";
import { listRequests, showUsage } from "./usage.ts";

/** What an admin key opens; the guard keeps every other key from all paths below `/admin`, these or not. */
export const ADMIN_ROUTES: readonly Route[] = [
  { method: "GET", path: "/admin/keys", handle: listKeys, operation: listKeysOperation },
  { method: "POST", path: "/admin/keys", handle: createKey, operation: createKeyOperation },
  { method: "DELETE", path: "/admin/keys/:id", handle: revokeKey, operation: revokeKeyOperation },
  { method: "GET", path: "/admin/usage", handle: showUsage, operation: usageOperation },
  { method: "GET", path: "/admin/requests", handle: listRequests, operation: requestsOperation },
  {
    method: "POST",
    path: "/admin/deployments/refresh",
    handle: refreshDeployments,
    operation: refreshOperation,
  },
  { method: "GET", path: "/admin/events", handle: tellEvents, operation: eventsOperation },
];

/** `GET /admin/events`. */
async function tellEvents(exchange: Exchange, context: ProxyContext): Promise<void> {
  backendOf(context);
  await context.events.open(exchange);
}
