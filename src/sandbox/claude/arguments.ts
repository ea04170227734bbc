/** Arguments for a tool, made up from its schema: the smallest that fit. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";

const DEEPEST = 8;

/**
 * An object for `schema` with the required properties (all of them when none is required). `known` gives the
 * values of properties by name; they are used wherever the schema has that name, required or not.
 */
export function argumentsFor(schema: JsonObject, known: JsonObject = {}): JsonObject {
  const value = valueFor(schema, { root: schema, known, name: "", depth: 0 });
  return isObject(value) ? value : {};
}

interface Place {
  root: JsonObject;
  known: JsonObject;
  name: string;
  depth: number;
}

function valueFor(given: Json | undefined, place: Place): Json {
  const schema = resolve(given, place.root);
  if (place.depth > DEEPEST) return null;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
  const choice = [schema.anyOf, schema.oneOf, schema.allOf].find(Array.isArray);
  if (choice !== undefined) return valueFor(choice[0], place);
  switch (typeOf(schema)) {
    case "object":
      return objectFor(schema, place);
    case "array":
      return arrayFor(schema, place);
    case "integer":
    case "number":
      return typeof schema.minimum === "number" ? schema.minimum : 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return typeof place.known[place.name] === "string" ? (place.known[place.name] ?? "") : "sandbox";
  }
}

function objectFor(schema: JsonObject, place: Place): JsonObject {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const names = Object.keys(properties).filter(
    (name) => required.length === 0 || required.includes(name) || place.known[name] !== undefined,
  );
  const deeper = (name: string) => ({ ...place, name, depth: place.depth + 1 });
  return Object.fromEntries(names.map((name) => [name, valueFor(properties[name], deeper(name))]));
}

/** A known string where a list is wanted is a command line for a shell, as one agent's tool takes it. */
function arrayFor(schema: JsonObject, place: Place): Json[] {
  const known = place.known[place.name];
  if (typeof known === "string") return ["bash", "-lc", known];
  const least = typeof schema.minItems === "number" ? schema.minItems : 0;
  return Array.from({ length: Math.min(least, DEEPEST) }, () =>
    valueFor(schema.items, { ...place, depth: place.depth + 1 }),
  );
}

function typeOf(schema: JsonObject): Json | undefined {
  const { type } = schema;
  if (Array.isArray(type)) return type.find((one) => one !== "null");
  return type ?? (isObject(schema.properties) ? "object" : undefined);
}

function resolve(schema: Json | undefined, root: JsonObject): JsonObject {
  if (!isObject(schema)) return {};
  if (typeof schema.$ref !== "string") return schema;
  let target: Json | undefined = root;
  for (const step of schema.$ref.replace(/^#\//, "").split("/")) {
    target = isObject(target) ? target[step] : undefined;
  }
  return isObject(target) ? target : {};
}
