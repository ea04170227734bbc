/**
 * Edits that return the same object when they change nothing. The relay sends the original bytes of whatever
 * kept its identity (performance.md 5), and a prompt cache needs those bytes to stay as they are.
 */
import type { Json, JsonObject } from "../hub/json.ts";

/** The list with each item rewritten; a list in place of an item stands for as many items, or none. */
export function rewriteEach<T extends Json>(list: T[], rewrite: (item: T, index: number) => T | T[]): T[] {
  let rewritten: T[] | undefined;
  for (const [index, item] of list.entries()) {
    const next = rewrite(item, index);
    if (next === item) rewritten?.push(item);
    else {
      rewritten ??= list.slice(0, index);
      if (Array.isArray(next)) rewritten.push(...next);
      else rewritten.push(next);
    }
  }
  return rewritten ?? list;
}

/** The object with one member set, or removed when the value is undefined. */
export function withMember<T extends JsonObject>(object: T, key: string, value: Json | undefined): T {
  if (object[key] === value) return object;
  if (value !== undefined) return Object.assign(copyOf(object), { [key]: value });
  const { [key]: _removed, ...rest } = object;
  return rest as T;
}

/** The object with these members and no others. */
export function onlyMembers<T extends JsonObject>(object: T, keys: ReadonlySet<string>): T {
  const names = Object.keys(object);
  if (names.every((key) => keys.has(key))) return object;
  const only: JsonObject = {};
  for (const key of names) if (keys.has(key)) only[key] = object[key] as Json;
  return only as T;
}

/** A spread that adds a member costs ten times as much (V8 11, Node 20), but `assign` would set a prototype. */
function copyOf<T extends JsonObject>(object: T): T {
  return Object.hasOwn(object, "__proto__") ? { ...object } : Object.assign({}, object);
}
