/**
 * A small language for protocol-buffer messages in JSON, whose complaints read like those of Google's front end: names
 * are taken in camel or snake case and told in snake case, and the first complaint ends the check.
 */
import { isObject, type Json } from "../../hub/json.ts";
import { Refusal } from "../refusal.ts";

/** Returns when the value is fine, throws a Refusal when not. */
export type Check = (value: Json, path: string) => void;

export const anything: Check = () => {};

/** `Struct` and JSON Schema: an object with any members. */
export const struct: Check = (value, path) => {
  if (!isObject(value)) invalid(value, path, "type.googleapis.com/google.protobuf.Struct");
};

export const string: Check = (value, path) => {
  if (typeof value !== "string") invalid(value, path, "TYPE_STRING");
};

export const boolean: Check = (value, path) => {
  if (typeof value !== "boolean") invalid(value, path, "TYPE_BOOL");
};

export const number: Check = (value, path) => {
  if (typeof value !== "number") invalid(value, path, "TYPE_FLOAT");
};

/** 64-bit ones may be text. */
export const integer: Check = (value, path) => {
  if (!Number.isInteger(typeof value === "string" ? Number(value) : value))
    invalid(value, path, "TYPE_INT32");
};

export const bytes: Check = (value, path) => {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) {
    throw new Refusal(
      `Invalid value at '${path}' (TYPE_BYTES), Base64 decoding failed for "${String(value)}"`,
    );
  }
};

/** In either case of letters, as Google's parser takes them. */
export function oneOf(...values: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== "string" || !values.includes(value.toUpperCase())) invalid(value, path, "TYPE_ENUM");
  };
}

export function list(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return invalid(value, path, "repeated field");
    for (const [index, item] of value.entries()) check(item, `${path}[${index}]`);
  };
}

/** The members of a map are told by their number, as Google's front end counts them. */
export function map(check: Check): Check {
  return (value, path) => {
    if (!isObject(value)) return invalid(value, path, "map");
    for (const [index, item] of Object.values(value).entries()) check(item, `${path}[${index}].value`);
  };
}

/** A message with these fields, in camel case here. None is required: what is missing is found later, in words. */
export function message(fields: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isObject(value)) return invalid(value, path, "message");
    for (const [key, item] of Object.entries(value)) {
      const name = key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      const check = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (check === undefined) return unknownName(key, path);
      const told = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      check(item, path === "" ? told : `${path}.${told}`);
    }
  };
}

function unknownName(key: string, path: string): never {
  const at = path === "" ? "" : ` at '${path}'`;
  throw new Refusal(`Invalid JSON payload received. Unknown name "${key}"${at}: Cannot find field.`);
}

function invalid(value: Json, path: string, type: string): never {
  throw new Refusal(`Invalid value at '${path}' (${type}), ${JSON.stringify(value)}`);
}
