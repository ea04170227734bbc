/**
 * Vertex's own schema message is a subset of OpenAPI 3.0; what else stands in it is `Unknown name "const"` (protocol
 * 7.7 #104). JSON Schema goes into a member of its own, `parametersJsonSchema`, which takes it as it is.
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { toJsonSchema } from "../../hub/openapi-schema.ts";
import { camelCase } from "../../hub/proto-names.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { NO_JSON_SCHEMA } from "./learned.ts";
import { reduceSchema } from "./reduce-schema.ts";

/** Members of Vertex's `Schema` that hold no schema (v1 reference, 2026). */
const PLAIN: ReadonlySet<string> = new Set([
  ...["type", "format", "title", "description", "nullable", "default", "example", "pattern", "required"],
  ...[
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minProperties",
    "maxProperties",
    "minimum",
    "maximum",
  ],
  "propertyOrdering",
]);

/** A function whose parameters stand where this deployment takes them. */
export function declaredSchema(declaration: JsonObject, call: Call): JsonObject {
  return fitSchema(declaration, "parameters", "parametersJsonSchema", call);
}

/** The same for the answer's schema in `generationConfig`. */
export function answerSchema(config: JsonObject, call: Call): JsonObject {
  return fitSchema(config, "responseSchema", "responseJsonSchema", call);
}

/** Both together are refused: JSON Schema, which can say more, wins. */
function fitSchema(holder: JsonObject, openApi: string, jsonSchema: string, call: Call): JsonObject {
  const { [openApi]: own, [jsonSchema]: general } = holder;
  const schema = isObject(general) ? general : own;
  if (!isObject(schema)) return withMember(withMember(holder, openApi, undefined), jsonSchema, undefined);
  if (call.learned.has(NO_JSON_SCHEMA)) {
    const reduced = isSubset(schema) ? schema : reduceSchema(toJsonSchema(schema));
    return withMember(withMember(holder, jsonSchema, undefined), openApi, reduced);
  }
  if (isObject(general)) return withMember(holder, openApi, undefined);
  if (isSubset(schema)) return holder;
  return withMember(withMember(holder, openApi, undefined), jsonSchema, toJsonSchema(schema));
}

/** Whether a schema says nothing that Vertex's own message could not hold. */
export function isSubset(schema: Json): boolean {
  if (!isObject(schema)) return false;
  return Object.entries(schema).every(([key, value]) => {
    switch (camelCase(key)) {
      case "type":
        return typeof value === "string";
      case "enum":
        return Array.isArray(value) && value.every((one) => typeof one === "string");
      case "items":
        return isSubset(value);
      case "properties":
        return isObject(value) && Object.values(value).every(isSubset);
      case "anyOf":
        return Array.isArray(value) && value.every(isSubset);
      default:
        return PLAIN.has(camelCase(key));
    }
  });
}
