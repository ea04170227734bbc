/**
 * A small schema language whose complaints read like those of the real service: a dotted path, a colon, and the
 * sentence that pydantic has for it. The first complaint ends the check, as it does there.
 */
import { isObject, type Json } from "../../hub/json.ts";
import { Refusal } from "../refusal.ts";

/** Returns when the value is fine, throws a Refusal when not. */
export type Check = (value: Json, path: string) => void;

/** Refuses, naming the place. */
export function refuse(path: string, complaint: string): never {
  throw new Refusal(path === "" ? complaint : `${path}: ${complaint}`);
}

export function below(path: string, key: string | number): string {
  return path === "" ? String(key) : `${path}.${key}`;
}

export const anything: Check = () => {};

/** Any keys at all. */
export const dictionary: Check = (value, path) => {
  if (!isObject(value)) refuse(path, "Input should be a valid dictionary");
};

export const boolean: Check = (value, path) => {
  if (typeof value !== "boolean") refuse(path, "Input should be a valid boolean");
};

export function string(pattern?: RegExp): Check {
  return (value, path) => {
    if (typeof value !== "string") return refuse(path, "Input should be a valid string");
    if (pattern !== undefined && !pattern.test(value)) {
      refuse(path, `String should match pattern '${pattern.source}'`);
    }
  };
}

/** Text of a content block. The complaint names the top-level field alone, as the service's does. */
export const visibleText: Check = (value, path) => {
  string()(value, path);
  if (String(value).trim() === "") {
    refuse(path.split(".")[0] ?? path, "text content blocks must contain non-whitespace text");
  }
};

export function integer(least: number): Check {
  return (value, path) => {
    if (typeof value !== "number" || !Number.isInteger(value))
      refuse(path, "Input should be a valid integer");
    if (Number(value) < least) refuse(path, `Input should be greater than or equal to ${least}`);
  };
}

export function number(least: number, most: number): Check {
  return (value, path) => {
    if (typeof value !== "number") return refuse(path, "Input should be a valid number");
    if (value < least) refuse(path, `Input should be greater than or equal to ${least}`);
    if (value > most) refuse(path, `Input should be less than or equal to ${most}`);
  };
}

/** One of these values: "Input should be 'a', 'b' or 'c'". */
export function literal(...values: readonly string[]): Check {
  const quoted = values.map((value) => `'${value}'`);
  const list = [quoted.slice(0, -1).join(", "), quoted.at(-1)].filter(Boolean).join(" or ");
  return (value, path) => {
    if (typeof value !== "string" || !values.includes(value)) refuse(path, `Input should be ${list}`);
  };
}

export function array(check: Check, least = 0): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return refuse(path, "Input should be a valid list");
    if (value.length < least) {
      refuse(path, `List should have at least ${least} item after validation, not ${value.length}`);
    }
    for (const [index, item] of value.entries()) check(item, below(path, index));
  };
}

/** Exactly these keys: what is missing is told first, then what is wrong, then what is too much. */
export function object(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const fields = { ...required, ...optional };
  return (value, path) => {
    if (!isObject(value)) return refuse(path, "Input should be a valid dictionary");
    for (const key of Object.keys(required)) {
      if (value[key] === undefined) refuse(below(path, key), "Field required");
    }
    for (const [key, item] of Object.entries(value)) {
      const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (check === undefined) return refuse(below(path, key), "Extra inputs are not permitted");
      check(item, below(path, key));
    }
  };
}

/** A union told apart by `type`; complaints about a member carry its tag in their path. */
export function tagged(members: Record<string, Check>, absent?: string): Check {
  const expected = Object.keys(members).map((tag) => `'${tag}'`);
  return (value, path) => {
    if (!isObject(value)) return refuse(path, "Input should be a valid dictionary");
    const tag = value.type ?? absent;
    if (tag === undefined) return refuse(below(path, "type"), "Field required");
    const member = typeof tag === "string" && Object.hasOwn(members, tag) ? members[tag] : undefined;
    if (member === undefined) {
      const found = `Input tag '${String(tag)}' found using 'type' does not match any of the expected tags`;
      return refuse(path, `${found}: ${expected.join(", ")}`);
    }
    member(value, below(path, String(tag)));
  };
}

/** A bare string, or what `check` takes. */
export function stringOr(check: Check): Check {
  return (value, path) => {
    if (typeof value !== "string") check(value, path);
  };
}
