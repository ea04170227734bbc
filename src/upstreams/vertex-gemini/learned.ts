/**
 * The keys under which a deployment's refusals are remembered: `field:<path>` one field, its indexes written `*`;
 * `level:<LEVEL>` a thinking level; and two forms of a request that this deployment does not take.
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

export const NO_JSON_SCHEMA = "schema:openapi";
export const JSON_WITHOUT_TOOLS = "json:without-tools";
const FIELD = "field:";

export const levelKey = (level: string): string => `level:${level.toUpperCase()}`;
export const fieldKey = (path: string): string => `${FIELD}${path}`;

/** Drops the fields that this deployment refused before. */
export function dropLearnedFields(body: JsonObject, call: Call): JsonObject {
  return [...call.learned].reduce((prepared, key) => {
    if (!key.startsWith(FIELD)) return prepared;
    const path = key.slice(FIELD.length);
    const without = dropPath(prepared, path.split("."));
    if (without !== prepared) call.note(`${path} is left out: this deployment refused it`);
    return without;
  }, body);
}

function dropPath<T extends Json>(value: T, path: readonly string[]): T {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (Array.isArray(value)) {
    return (segment === "*" ? rewriteEach<Json>(value, (item) => dropPath(item, rest)) : value) as T;
  }
  if (!isObject(value)) return value;
  const member = value[segment];
  if (member === undefined) return value;
  return withMember(value as T & JsonObject, segment, rest.length === 0 ? undefined : dropPath(member, rest));
}
