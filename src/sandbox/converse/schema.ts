/** A small schema language that complains as Bedrock's check of JSON bodies does: a JSON pointer, and a sentence. */
import { isObject, type Json } from "../../hub/json.ts";
import { Refusal } from "../refusal.ts";

/** Returns when the value is fine, throws a Refusal when not. `path` is a pointer: `/messages/0`. */
export type Check = (value: Json, path: string) => void;

export function malformed(path: string, complaint: string): never {
  const advice = "please reformat your input and try again.";
  throw new Refusal(`Malformed input request: #${path}: ${complaint}, ${advice}`);
}

export const dictionary: Check = (value, path) => {
  if (!isObject(value)) malformed(path, `expected type: JSONObject, found: ${typeName(value)}`);
};

export function string(pattern: RegExp = /^/): Check {
  return (value, path) => {
    if (typeof value !== "string") return malformed(path, `expected type: String, found: ${typeName(value)}`);
    if (!pattern.test(value)) malformed(path, `string [${value}] does not match pattern ${pattern.source}`);
  };
}

export function number(least: number, most: number, whole = false): Check {
  const type = whole ? "Integer" : "Number";
  return (value, path) => {
    if (typeof value !== "number" || (whole && !Number.isInteger(value)))
      return malformed(path, `expected type: ${type}, found: ${typeName(value)}`);
    if (value < least) malformed(path, `${value} is not greater or equal to ${least}`);
    if (value > most) malformed(path, `${value} is not less or equal to ${most}`);
  };
}

export function oneOf(...values: readonly string[]): Check {
  return (value, path) => {
    if (!values.some((known) => known === value))
      malformed(path, `${String(value)} is not a valid enum value`);
  };
}

export function array(check: Check, least = 0): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return malformed(path, `expected type: JSONArray, found: ${typeName(value)}`);
    if (value.length < least)
      malformed(path, `expected minimum item count: ${least}, found: ${value.length}`);
    for (const [index, item] of value.entries()) check(item, `${path}/${index}`);
  };
}

/** Exactly these members. */
export function object(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const fields = { ...required, ...optional };
  return (value, path) => {
    dictionary(value, path);
    if (!isObject(value)) return;
    for (const key of Object.keys(required))
      if (value[key] === undefined) malformed(path, `required key [${key}] not found`);
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (check === undefined) return malformed(path, `extraneous key [${key}] is not permitted`);
      check(item, `${path}/${key}`);
    }
  };
}

/** An object with exactly one of these members. */
export function union(members: Record<string, Check>): Check {
  const shape = object({}, members);
  return (value, path) => {
    shape(value, path);
    const count = isObject(value) ? Object.keys(value).length : 0;
    if (count !== 1) malformed(path, `exactly one member expected, found: ${count}`);
  };
}

function typeName(value: Json): string {
  if (Array.isArray(value)) return "JSONArray";
  if (value === null) return "Null";
  const names = { string: "String", number: "Number", boolean: "Boolean", object: "JSONObject" };
  return names[typeof value as keyof typeof names];
}
