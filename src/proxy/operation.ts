/** What a route's entry in the OpenAPI document is made of. It stands beside the route's handler. */
import type { Json, JsonObject } from "../hub/json.ts";

/** An Operation Object of OpenAPI 3.1, without what `openapi.ts` adds to each: the key, and what the door answers. */
export interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: [string];
  parameters?: JsonObject[];
  requestBody?: JsonObject;
  /** By status. */
  responses: JsonObject;
}

/** An answer in JSON. */
export function answer(description: string, schema: JsonObject): JsonObject {
  return { description, content: { "application/json": { schema } } };
}

/** A failure: `{"type":"error","error":{"type","message","hint"?}}`. */
export function failure(description: string): JsonObject {
  return answer(description, ref("Error"));
}

/** A schema of `components/schemas`. */
export function ref(name: string): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object, all of whose members are there but for the optional ones. */
export function object(
  properties: Record<string, JsonObject>,
  { optional = [], description }: { optional?: readonly string[]; description?: string } = {},
): JsonObject {
  const required: Json[] = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", ...(description !== undefined && { description }), properties, required };
}

export function list(items: JsonObject): JsonObject {
  return { type: "array", items };
}

export function text(description?: string): JsonObject {
  return { type: "string", ...(description !== undefined && { description }) };
}

/** Zero or more, whole. */
export function count(description?: string): JsonObject {
  return { type: "integer", minimum: 0, ...(description !== undefined && { description }) };
}

export function time(description?: string): JsonObject {
  return { ...text(description), format: "date-time" };
}

export function flag(description?: string): JsonObject {
  return { type: "boolean", ...(description !== undefined && { description }) };
}

/** The same, or null. */
export function orNull(schema: JsonObject): JsonObject {
  if (typeof schema.type === "string") return { ...schema, type: [schema.type, "null"] };
  return { anyOf: [schema, { type: "null" }] };
}

export function query(name: string, schema: JsonObject, description: string): JsonObject {
  return { name, in: "query", required: false, description, schema };
}
