/** A small schema language whose complaints are OpenAI's: `Unknown parameter: 'messages[0].x'.` The first one ends it. */
import { isObject, type Json } from "../../hub/json.ts";
import { Refusal } from "../refusal.ts";

/** Returns when the value is fine, throws a Refusal when not. */
export type Check = (value: Json, path: string) => void;

export function refuse(complaint: string, status = 400): never {
  throw new Refusal(complaint, status);
}

function below(path: string, key: string | number): string {
  if (typeof key === "number") return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function wrongType(path: string, expected: string, value: Json): never {
  const found = value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
  return refuse(`Invalid type for '${path}': expected ${expected}, but got ${found} instead.`);
}

export const anything: Check = () => {};

export const dictionary: Check = (value, path) => {
  if (!isObject(value)) wrongType(path, "an object", value);
};

export const boolean: Check = (value, path) => {
  if (typeof value !== "boolean") wrongType(path, "a boolean", value);
};

export const string: Check = (value, path) => {
  if (typeof value !== "string") wrongType(path, "a string", value);
};

export function integer(least: number): Check {
  return (value, path) => {
    if (typeof value !== "number" || !Number.isInteger(value)) return wrongType(path, "an integer", value);
    if (value < least)
      refuse(
        `Invalid '${path}': integer below minimum value. Expected a value >= ${least}, but got ${value} instead.`,
      );
  };
}

export function number(least: number, most: number): Check {
  return (value, path) => {
    if (typeof value !== "number") return wrongType(path, "a decimal", value);
    if (value < least || value > most)
      refuse(`Invalid '${path}': decimal outside of ${least} to ${most}, got ${value}.`);
  };
}

export function literal(...values: readonly string[]): Check {
  const list = values.map((value) => `'${value}'`).join(", ");
  return (value, path) => {
    if (typeof value !== "string" || !values.includes(value))
      refuse(`Invalid value: '${String(value)}'. Supported values are: ${list}. (${path})`);
  };
}

export function array(check: Check, least = 0): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return wrongType(path, "an array of objects", value);
    if (value.length < least)
      refuse(`Invalid '${path}': empty array. Expected an array with minimum length ${least}.`);
    for (const [index, item] of value.entries()) check(item, below(path, index));
  };
}

/** Exactly these keys. */
export function object(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const fields: Record<string, Check> = { ...required, ...optional };
  return (value, path) => {
    if (!isObject(value)) return wrongType(path, "an object", value);
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (check === undefined) return refuse(`Unknown parameter: '${below(path, key)}'.`);
      check(item, below(path, key));
    }
    const missing = Object.keys(required).find((key) => value[key] === undefined);
    if (missing !== undefined) refuse(`Missing required parameter: '${below(path, missing)}'.`);
  };
}

/** A union told apart by one member; `absent` is meant where it is missing. */
export function tagged(tag: string, members: Record<string, Check>, absent?: string): Check {
  const known = literal(...Object.keys(members));
  return (value, path) => {
    if (!isObject(value)) return wrongType(path, "an object", value);
    const name = value[tag] ?? absent;
    if (name === undefined) return refuse(`Missing required parameter: '${below(path, tag)}'.`);
    known(name, below(path, tag));
    members[String(name)]?.(value, path);
  };
}

function either(first: Check, accepts: (value: Json) => boolean, second: Check): Check {
  return (value, path) => (accepts(value) ? first : second)(value, path);
}

/** A bare string, or what `check` takes. */
export function stringOr(check: Check): Check {
  return either(string, (value) => typeof value === "string", check);
}

export function nullOr(check: Check): Check {
  return either(anything, (value) => value === null, check);
}
