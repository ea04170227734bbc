/**
 * The keys under which a deployment's refusals are remembered, and what they take out of a request:
 * `beta:*` every flag that is not core, `beta:<flag>` one flag, `field:<path>` one field, its indexes written `*`,
 * `thinking:<style>` the way of thinking that the deployment does take.
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

export const ALL_BETAS = "beta:*";
const FIELD = "field:";

export const betaKey = (flag: string): string => `beta:${flag}`;
export const thinkingKey = (style: "budget" | "adaptive"): string => `thinking:${style}`;
export const fieldKey = (path: string): string => `${FIELD}${path.replace(/(?<=^|\.)\d+(?=\.|$)/g, "*")}`;

/** Drops the fields that this deployment refused before. */
export function dropLearnedFields(body: JsonObject, call: Call): JsonObject {
  let prepared = body;
  for (const key of call.learned) {
    if (!key.startsWith(FIELD)) continue;
    const path = key.slice(FIELD.length);
    const without = dropPath(prepared, path.split("."));
    if (without === prepared) continue;
    call.note(`${path} is left out: this deployment refused it`);
    prepared = without;
  }
  return prepared;
}

/**
 * The value without what the path points to. The paths are those of Bedrock's messages, which name the variant
 * beside the member: in `tools.0.custom.strict` and `system.1.cache_control.ephemeral.scope` the words `custom` and
 * `ephemeral` are values of `type`, not members.
 */
function dropPath<T extends Json>(value: T, path: readonly string[]): T {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (Array.isArray(value)) {
    return (segment === "*" ? rewriteEach<Json>(value, (item) => dropPath(item, rest)) : value) as T;
  }
  if (!isObject(value)) return value;
  if (rest.length === 0)
    return Object.hasOwn(value, segment) ? withMember(value as T & JsonObject, segment, undefined) : value;
  if (isVariant(value, segment)) return dropPath(value, rest);
  const member = value[segment];
  if (member === undefined) return value;
  return withMember(value as T & JsonObject, segment, dropPath(member, rest));
}

/** A tool that has no `type` is a custom one. */
function isVariant(value: JsonObject, segment: string): boolean {
  return value.type === segment || (segment === "custom" && value.type === undefined);
}
