import { isObject, type Json, type JsonObject } from "../../hub/json.ts";

/** All that Nova takes at the top of a tool's schema (AWS's Nova guide, "Defining a tool", 2026-11). */
const TOP: readonly string[] = ["type", "properties", "required"];

/** A schema that refers to itself is cut here. */
const DEEPEST = 24;

/**
 * A tool's schema with nothing but `type`, `properties` and `required` at its top. What goes only made it narrower
 * (`additionalProperties`, `$schema` …), except definitions: references to them are written out first.
 */
export function novaSchema(schema: JsonObject): JsonObject {
  if (Object.keys(schema).every((key) => TOP.includes(key)) && isObject(schema.properties)) return schema;
  const whole = refers(schema) ? written(schema, schema, 0) : schema;
  const { properties, required } = isObject(whole) ? whole : schema;
  return {
    type: "object",
    properties: isObject(properties) ? properties : {},
    ...(Array.isArray(required) && { required }),
  };
}

function refers({ $defs, definitions }: JsonObject): boolean {
  return $defs !== undefined || definitions !== undefined;
}

/** The value with what each reference points to in its place. */
function written(value: Json, root: JsonObject, depth: number): Json {
  if (Array.isArray(value)) return value.map((item) => written(item, root, depth + 1));
  if (!isObject(value)) return value;
  if (depth > DEEPEST) return {};
  if (typeof value.$ref === "string") {
    const { $ref, ...beside } = value;
    const target = written(targetOf($ref, root), root, depth + 1);
    return isObject(target) ? { ...target, ...beside } : beside;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "$defs" && key !== "definitions")
      .map(([key, member]) => [key, written(member, root, depth + 1)]),
  );
}

/** What a pointer such as `#/$defs/Place` points to; `{}`, which allows everything, when it points nowhere. */
function targetOf(pointer: string, root: JsonObject): Json {
  const steps = pointer.replace(/^#\/?/, "").split("/");
  const unescaped = steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  const target = unescaped.reduce<Json | undefined>(
    (place, step) => (isObject(place) && Object.hasOwn(place, step) ? place[step] : undefined),
    root,
  );
  return target ?? {};
}
