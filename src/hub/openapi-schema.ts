import { isObject, type Json, type JsonObject } from "./json.ts";
import { camelCase } from "./proto-names.ts";

/** Google's names of JSON Schema types (`Type` in its Schema message). */
const TYPES = new Set(["string", "number", "integer", "boolean", "array", "object", "null"]);
const IN_LISTS = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const IN_MAPS = new Set(["properties", "$defs", "definitions", "patternProperties"]);
const INSIDE = new Set(["items", "additionalProperties", "not"]);
/** 64-bit numbers, which protocol buffers write as text in JSON. */
const COUNTS = new Set(["minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"]);
/** Google's own keywords: hints that JSON Schema has no word for. */
const FOREIGN = new Set(["propertyOrdering", "nullable"]);

/**
 * A schema as JSON Schema. Google's Schema message is OpenAPI 3.0's: types in upper case, `nullable`, and members in
 * either spelling; clients send such types in `responseJsonSchema` too (Gemini CLI 0.61, captured 2026-11-21).
 */
export function toJsonSchema(schema: JsonObject): JsonObject {
  const members = Object.entries(schema).flatMap(([key, value]) => member(camelCase(key), value));
  return withNull(Object.fromEntries(members), schema.nullable === true);
}

function member(key: string, value: Json): [string, Json][] {
  if (FOREIGN.has(key)) return [];
  if (key === "type") return typed(value);
  if (IN_LISTS.has(key) && Array.isArray(value)) return [[key, value.map(inner)]];
  if (IN_MAPS.has(key) && isObject(value)) {
    return [[key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)]))]];
  }
  if (INSIDE.has(key)) return [[key, inner(value)]];
  if (COUNTS.has(key) && typeof value === "string") return [[key, Number(value)]];
  return [[key, value]];
}

function inner(value: Json): Json {
  return isObject(value) ? toJsonSchema(value) : value;
}

function typed(value: Json): [string, Json][] {
  if (typeof value !== "string") return [["type", value]];
  const type = value.toLowerCase();
  return TYPES.has(type) ? [["type", type]] : [];
}

function withNull(schema: JsonObject, nullable: boolean): JsonObject {
  return nullable && typeof schema.type === "string" ? { ...schema, type: [schema.type, "null"] } : schema;
}
