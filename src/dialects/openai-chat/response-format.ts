import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { OutputFormat } from "../../hub/messages.ts";

/** `response_format`; plain text is what everyone answers anyway. */
export function decodeResponseFormat(format: Json | undefined): OutputFormat | undefined {
  if (!isObject(format)) return undefined;
  if (format.type === "json_object") return { type: "json_object" };
  if (format.type !== "json_schema" || !isObject(format.json_schema)) return undefined;
  const { name, schema, strict } = format.json_schema;
  return {
    type: "json_schema",
    schema: isObject(schema) ? schema : {},
    ...(typeof name === "string" && { name }),
    ...(typeof strict === "boolean" && { strict }),
  };
}

/** The API wants a name for every schema. */
export function encodeResponseFormat(format: OutputFormat | undefined): JsonObject {
  if (format === undefined) return {};
  if (format.type === "json_object") return { response_format: { type: "json_object" } };
  const { schema, name = "answer", strict } = format;
  const json_schema = { name, schema, ...(strict !== undefined && { strict }) };
  return { response_format: { type: "json_schema", json_schema } };
}
