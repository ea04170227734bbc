import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { OutputFormat } from "../../hub/messages.ts";

/** `text.format`, where name and schema stand side by side; plain text is what everyone answers anyway. */
export function decodeTextFormat(text: Json | undefined): OutputFormat | undefined {
  const format = isObject(text) ? text.format : undefined;
  if (!isObject(format)) return undefined;
  if (format.type === "json_object") return { type: "json_object" };
  if (format.type !== "json_schema") return undefined;
  const { name, schema, strict } = format;
  return {
    type: "json_schema",
    schema: isObject(schema) ? schema : {},
    ...(typeof name === "string" && { name }),
    ...(typeof strict === "boolean" && { strict }),
  };
}

/** The API wants a name for every schema. */
export function encodeTextFormat(format: OutputFormat | undefined): JsonObject | undefined {
  if (format === undefined || format.type === "json_object") return format;
  const { schema, name = "answer", strict } = format;
  return { type: "json_schema", name, schema, ...(strict !== undefined && { strict }) };
}
