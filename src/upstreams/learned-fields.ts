/** Fields that a deployment refused, remembered as `field:<path>` with `*` for each item of a list. */
import { isObject, type Json, type JsonObject } from "../hub/json.ts";
import { rewriteEach, withMember } from "./copy-on-write.ts";
import type { Call } from "./types.ts";

export const FIELD = "field:";

/** Whether a segment of a refusal's path names the variant of the value it stands at, and not a member of it. */
export type IsVariant = (value: JsonObject, segment: string) => boolean;

/** The body without the fields that this deployment refused before; each is noted. */
export function dropFields(body: JsonObject, call: Call, isVariant: IsVariant = () => false): JsonObject {
  let prepared = body;
  for (const key of call.learned) {
    if (!key.startsWith(FIELD)) continue;
    const path = key.slice(FIELD.length);
    const without = dropPath(prepared, path.split("."), isVariant);
    if (without === prepared) continue;
    call.note(`${path} is left out: this deployment refused it`);
    prepared = without;
  }
  return prepared;
}

function dropPath<T extends Json>(value: T, path: readonly string[], isVariant: IsVariant): T {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (Array.isArray(value)) {
    const items =
      segment === "*" ? rewriteEach<Json>(value, (item) => dropPath(item, rest, isVariant)) : value;
    return items as T;
  }
  if (!isObject(value)) return value;
  if (rest.length > 0 && isVariant(value, segment)) return dropPath(value, rest, isVariant);
  const member = value[segment];
  if (member === undefined) return value;
  const next = rest.length === 0 ? undefined : dropPath(member, rest, isVariant);
  return withMember(value as T & JsonObject, segment, next);
}
