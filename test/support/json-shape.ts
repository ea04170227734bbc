import { isObject, type JsonObject } from "../../src/hub/json.ts";

/**
 * How a value strays from a schema, by path; as much of JSON Schema as the OpenAPI document uses. A member that the
 * schema does not name strays too: else a document could fall behind what is answered.
 */
export function straysFrom(document: JsonObject, schema: unknown, value: unknown, path = "$"): string[] {
  if (!isObject(schema)) return [`${path}: no schema`];
  const { $ref, anyOf, type, properties, required, items } = schema;
  if (typeof $ref === "string") return straysFrom(document, resolve(document, $ref), value, path);
  if (Array.isArray(anyOf)) {
    const tries = anyOf.map((each) => straysFrom(document, each, value, path));
    return tries.some(({ length }) => length === 0) ? [] : (tries[0] ?? []);
  }
  const types = [type].flat().filter((each) => typeof each === "string");
  if (!types.some((each) => isOfType(each, value)))
    return [`${path}: ${JSON.stringify(value)} is no ${types}`];
  const { enum: choices, const: only, minimum } = schema;
  const strays: string[] = [];
  if (Array.isArray(choices) && !choices.includes(value as string))
    strays.push(`${path}: not one of ${choices}`);
  if (only !== undefined && only !== value) strays.push(`${path}: not ${only}`);
  if (typeof minimum === "number" && typeof value === "number" && value < minimum)
    strays.push(`${path}: too low`);
  if (Array.isArray(value))
    return [...strays, ...value.flatMap((each, at) => straysFrom(document, items, each, `${path}[${at}]`))];
  if (!isObject(value) || !isObject(properties)) return strays;
  for (const name of (required as string[] | undefined) ?? []) {
    if (!(name in value)) strays.push(`${path}.${name}: missing`);
  }
  for (const [name, member] of Object.entries(value)) {
    const known = properties[name];
    if (known === undefined) strays.push(`${path}.${name}: not in the document`);
    else strays.push(...straysFrom(document, known, member, `${path}.${name}`));
  }
  return strays;
}

export function resolve(document: JsonObject, reference: string): unknown {
  const steps = reference.replace(/^#\//, "").split("/");
  return steps.reduce<unknown>((at, step) => (isObject(at) ? at[step] : undefined), document);
}

function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isObject(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
