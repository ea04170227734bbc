import { isObject, type Json, type JsonObject } from "../../hub/json.ts";

const DEEPEST = 24;
const KEPT: ReadonlySet<string> = new Set([
  ...["type", "title", "description", "nullable", "pattern", "minimum", "maximum", "minItems", "maxItems"],
  ...["minLength", "maxLength", "required", "propertyOrdering"],
]);

/**
 * The nearest schema that Vertex's OpenAPI subset can say, for a deployment that does not take JSON Schema: references
 * are written out, `const` is an enum of one, a type list the first type (nullable when `null` is in it), `oneOf` is
 * `anyOf`, `allOf` is merged. What is left over (`additionalProperties`, `$schema`, enums of numbers …) only made the
 * schema narrower.
 */
export function reduceSchema(schema: JsonObject): JsonObject {
  return reduce(schema, schema, 0);
}

function reduce(given: Json | undefined, root: JsonObject, depth: number): JsonObject {
  if (!isObject(given) || depth > DEEPEST) return {};
  const schema = merged(resolved(given, root), root);
  const inner = (value: Json | undefined) => reduce(value, root, depth + 1);
  const reduced: JsonObject = Object.fromEntries(Object.entries(schema).filter(([key]) => KEPT.has(key)));
  Object.assign(reduced, typeOf(schema), enumOf(schema));
  const choices = [schema.anyOf, schema.oneOf].find(Array.isArray);
  if (choices) reduced.anyOf = choices.map(inner);
  if (schema.items !== undefined) reduced.items = inner(schema.items);
  if (isObject(schema.properties)) {
    const properties = Object.entries(schema.properties).map(([name, one]) => [name, inner(one)]);
    reduced.properties = Object.fromEntries(properties);
  }
  if (reduced.type === "array" && reduced.items === undefined) reduced.items = {};
  return reduced;
}

function typeOf({ type }: JsonObject): JsonObject {
  if (!Array.isArray(type)) return {};
  const [first = "string"] = type.filter((one) => one !== "null");
  return { type: first, ...(type.includes("null") && { nullable: true }) };
}

function enumOf(schema: JsonObject): JsonObject {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  const texts = Array.isArray(values) && values.every((value) => typeof value === "string");
  return texts ? { type: "string", enum: values } : {};
}

function merged(schema: JsonObject, root: JsonObject): JsonObject {
  if (!Array.isArray(schema.allOf)) return schema;
  const { allOf, ...own } = schema;
  const all = [own, ...allOf.filter(isObject).map((one) => resolved(one, root))];
  const properties = Object.assign({}, ...all.map((one) => one.properties));
  const required = all.flatMap((one) => (Array.isArray(one.required) ? one.required : []));
  return {
    ...Object.assign({}, ...all),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}

/** The schema that a local `$ref` points to, with what stands beside it. */
function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  const { $ref: reference, ...beside } = schema;
  if (typeof reference !== "string") return schema;
  let target: Json | undefined = root;
  for (const step of reference.replace(/^#\/?/, "").split("/")) {
    target = isObject(target) ? target[step] : undefined;
  }
  return isObject(target) ? { ...target, ...beside } : beside;
}
