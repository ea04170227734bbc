/** The limits of a key, as they are stored and as the JSON documents of the command line and the admin API show them. */
import { isObject, type Json, type JsonObject, parseObject } from "../hub/json.ts";
import type { Limits } from "./api-key.ts";

type Limit = keyof Limits;

/** Every limit, with its name in documents. */
const NAMES: Record<Limit, string> = {
  models: "models",
  requestsPerMinute: "requests_per_minute",
  tokensPerMinute: "tokens_per_minute",
  tokensPerDay: "tokens_per_day",
  tokensPerMonth: "tokens_per_month",
  budget: "budget_capacity_units",
  concurrency: "concurrency",
};
const LIMITS = Object.keys(NAMES) as Limit[];

/** A model's name as clients may write it, in which `*` stands for anything. */
const MODEL_PATTERN = /^[A-Za-z0-9._:/@[\]*-]{1,128}$/;

/** `KeyRow.limits`. */
export function storedLimits(limits: Limits): string {
  return JSON.stringify(limits);
}

/** @throws Error for a column that nobody here wrote: a key whose limits are not known must not be used. */
export function limitsFrom(stored: string): Limits {
  const limits = read(parseObject(stored), (limit) => limit);
  if (typeof limits !== "string") return limits;
  throw new Error(`The limits of a key cannot be read: ${limits}.`);
}

/** Only what is limited, in snake_case. */
export function limitsDocument(limits: Limits): JsonObject {
  return Object.fromEntries(
    LIMITS.flatMap((limit): [string, Json][] => {
      const value = limits[limit];
      return value === undefined ? [] : [[NAMES[limit], value]];
    }),
  );
}

/** @returns the limits of such a document, or what is wrong with it, beginning with the field; null is no limit */
export function readLimits(document: unknown): Limits | string {
  return read(document, (limit) => NAMES[limit]);
}

function read(document: unknown, nameOf: (limit: Limit) => string): Limits | string {
  if (!isObject(document)) return "limits: expected an object";
  const limits: Limits = {};
  for (const [name, value] of Object.entries(document)) {
    const limit = LIMITS.find((each) => nameOf(each) === name);
    if (!limit) return `limits.${name}: not known; limits are ${LIMITS.map(nameOf).join(", ")}`;
    const complaint = value === null ? undefined : set(limits, limit, value);
    if (complaint !== undefined) return `limits.${name}: ${complaint}`;
  }
  return limits;
}

/** Puts one limit in its place, or says what is wrong with it. */
function set(limits: Limits, limit: Limit, value: Json): string | undefined {
  if (limit === "models") {
    if (!isPatterns(value)) return "expected a list of model names, which may hold *";
    limits.models = value;
    return undefined;
  }
  const isWhole = Number.isSafeInteger(value) || (limit === "budget" && Number.isFinite(value));
  if (typeof value !== "number" || !isWhole || value <= 0) {
    return `expected ${limit === "budget" ? "a number" : "a whole number"} above 0`;
  }
  limits[limit] = value;
  return undefined;
}

function isPatterns(value: Json): value is string[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((each) => typeof each === "string" && MODEL_PATTERN.test(each))
  );
}
