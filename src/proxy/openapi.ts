/** The OpenAPI document of the routes that are our own; those of the models' APIs are described by their makers. */
import type { JsonObject } from "../hub/json.ts";
import { SCHEMAS } from "./admin/schemas.ts";
import { failure } from "./operation.ts";
import type { Route } from "./routes.ts";

const SCHEMES: JsonObject = {
  bearer: { type: "http", scheme: "bearer" },
  "x-api-key": { type: "apiKey", in: "header", name: "x-api-key" },
};
const ANY_KEY = Object.keys(SCHEMES).map((scheme) => ({ [scheme]: [] }));

/** @param version of aicore. */
export function openapiOf(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    if (!route.operation) continue;
    const path = route.path.replace(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, route.operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "aicore",
      version,
      summary: "Keys, usage and state of the aicore proxy.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: { securitySchemes: SCHEMES, schemas: SCHEMAS },
  };
}

function operationOf({ path, open }: Route, operation: NonNullable<Route["operation"]>): JsonObject {
  const { responses, ...rest } = operation;
  return {
    ...rest,
    security: open ? [] : ANY_KEY,
    responses: {
      ...responses,
      ...(!open && { 401: failure("No key, or a wrong one.") }),
      ...(path.startsWith("/admin/") && { 403: failure("The key is not an admin's.") }),
    },
  };
}
