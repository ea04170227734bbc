/** A small schema language whose complaints are those of Python's jsonschema, which the service uses (protocol 4f.2). */
import { isObject, type Json } from "../../hub/json.ts";
import { Refusal } from "../refusal.ts";

/** Throws a Refusal for what is not so. */
export type Check = (value: Json, path: string) => void;

export function refuse(complaint: string, path: string): never {
  throw new Refusal(`Request Body: ${complaint}${path === "" ? "" : ` - '${path}'`}`);
}

function typed(name: string, is: (value: Json) => boolean): Check {
  return (value, path) => {
    if (!is(value)) refuse(`${python(value)} is not of type '${name}'`, path);
  };
}

export const string = typed("string", (value) => typeof value === "string");
export const boolean = typed("boolean", (value) => typeof value === "boolean");
export const dictionary = typed("object", isObject);

export function integer(least: number, most = Number.MAX_SAFE_INTEGER): Check {
  return (value, path) => {
    if (!Number.isInteger(value)) refuse(`${python(value)} is not of type 'integer'`, path);
    if (Number(value) < least) refuse(`${python(value)} is less than the minimum of ${least}`, path);
    if (Number(value) > most) refuse(`${python(value)} is greater than the maximum of ${most}`, path);
  };
}

export function literal(...values: readonly string[]): Check {
  return (value, path) => {
    if (!values.some((known) => known === value))
      refuse(`${python(value)} is not one of [${values.map((known) => `'${known}'`).join(", ")}]`, path);
  };
}

export function array(check: Check, least = 0): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return refuse(`${python(value)} is not of type 'array'`, path);
    if (value.length < least) refuse("[] should be non-empty", path);
    for (const [index, item] of value.entries()) check(item, `${path}[${index}]`);
  };
}

/** These keys and no others. */
export function object(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const known: Record<string, Check> = { ...required, ...optional };
  return (value, path) => {
    if (!isObject(value)) return refuse(`${python(value)} is not of type 'object'`, path);
    const foreign = Object.keys(value).find((key) => !Object.hasOwn(known, key));
    if (foreign !== undefined)
      refuse(`Additional properties are not allowed ('${foreign}' was unexpected)`, path);
    const missing = Object.keys(required).find((key) => value[key] === undefined);
    if (missing !== undefined) refuse(`'${missing}' is a required property`, path);
    for (const [key, item] of Object.entries(value)) known[key]?.(item, path === "" ? key : `${path}.${key}`);
  };
}

/** A union told apart by one member. */
export function tagged(tag: string, members: Record<string, Check>): Check {
  const names = literal(...Object.keys(members));
  return (value, path) => {
    if (!isObject(value)) return refuse(`${python(value)} is not of type 'object'`, path);
    names(value[tag] ?? null, `${path}.${tag}`);
    members[String(value[tag])]?.(value, path);
  };
}

export function stringOr(check: Check): Check {
  return (value, path) => (typeof value === "string" ? undefined : check(value, path));
}

function python(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? `'${value}'` : JSON.stringify(value);
}
