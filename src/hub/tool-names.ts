/**
 * Tools of the Responses API as plain functions, and back. Codex declares most of its tools inside a `namespace` and
 * its editor as `custom` (free text instead of JSON); no other host takes either. Codex routes a call by namespace,
 * name and kind, so an answer must have them again (clients.md 2.4, run against 0.169.0 on 2026-11-21).
 */
import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "./json.ts";
import type { ToolOrigin } from "./messages.ts";

/** The names of a tool as its client knows it. */
export interface ToolPlace {
  name: string;
  namespace?: string;
}

/** A tool as it was declared, with the namespace that it was declared in. */
export interface DeclaredTool extends ToolPlace {
  declaration: JsonObject;
}

/** The longest name of a function that OpenAI, Bedrock and Vertex all take. */
const LONGEST = 64;

/** The tools of one or more lists, those inside namespaces too, each place once; the first declaration holds. */
export function openNamespaces(list: Json[]): DeclaredTool[] {
  const opened = new Map<string, DeclaredTool>();
  for (const tool of list.filter(isObject)) {
    const inner = tool.type === "namespace" ? tool.tools : [tool];
    const namespace = tool.type === "namespace" && typeof tool.name === "string" ? tool.name : undefined;
    for (const declaration of Array.isArray(inner) ? inner.filter(isObject) : []) {
      const name = typeof declaration.name === "string" ? declaration.name : "";
      const place = { name, ...(namespace !== undefined && { namespace }) };
      const key = name === "" ? `${opened.size} unnamed` : keyOf(place);
      if (!opened.has(key)) opened.set(key, { ...place, declaration });
    }
  }
  return [...opened.values()];
}

/**
 * The one name of a tool outside of its namespace: `ns__name`, at most 64 letters, digits, `_` and `-`. A name that
 * has to be cut ends with a hash of the whole, so that two long ones do not become one.
 */
export function flatName(place: ToolPlace): string {
  const { name, namespace } = place;
  if (namespace === undefined) return name;
  const joined = `${namespace}__${name}`.replace(/[^\w-]/g, "_");
  return joined.length > LONGEST ? hashed(joined, place) : joined;
}

/**
 * Names for all these tools, no two alike: where a joined name is taken, by a plain tool or by another join, the later
 * one ends with a hash. A place that is not among them, as old history may have it, is the only tool of that name in
 * any namespace (Codex knows its `exec` without one), or gets its plain joined name.
 */
export function nameTools(places: readonly ToolPlace[]): (place: ToolPlace) => string {
  const plain = places.filter(({ namespace }) => namespace === undefined);
  const names = new Map(plain.map((place) => [keyOf(place), place.name]));
  const taken = new Set(names.values());
  for (const place of places) {
    if (names.has(keyOf(place))) continue;
    const joined = flatName(place);
    const name = taken.has(joined) ? hashed(joined, place) : joined;
    taken.add(name);
    names.set(keyOf(place), name);
  }
  const onlyNamesake = ({ name, namespace }: ToolPlace) => {
    const [only, ...others] = namespace === undefined ? places.filter((place) => place.name === name) : [];
    return only && others.length === 0 ? names.get(keyOf(only)) : undefined;
  };
  return (place) => names.get(keyOf(place)) ?? onlyNamesake(place) ?? flatName(place);
}

/** How a tool was declared, for the way back; undefined for a plain function. */
export function originOf({ name, namespace, declaration }: DeclaredTool): ToolOrigin | undefined {
  const custom = declaration.type === "custom";
  if (!custom && namespace === undefined) return undefined;
  return { ...(custom && { custom }), ...(namespace !== undefined && { namespace, name }) };
}

/** A free-form tool as a function: its text is the only argument. */
export function customSchema(): JsonObject {
  return {
    type: "object",
    properties: { input: { type: "string", description: "The whole input of the tool, as it is." } },
    required: ["input"],
    additionalProperties: false,
  };
}

/** What a free-form tool does, and its grammar in words, since nothing enforces it any more. */
export function customDescription({ description, format }: JsonObject): string {
  const grammar =
    isObject(format) && typeof format.definition === "string"
      ? `The input follows this ${String(format.syntax)} grammar:\n${format.definition}`
      : undefined;
  return [description, grammar].filter((text) => typeof text === "string" && text !== "").join("\n\n");
}

/** The text for a free-form tool out of its arguments; all of them where the model wrote something else. */
export function customInput(input: JsonObject): string {
  return typeof input.input === "string" ? input.input : JSON.stringify(input);
}

function hashed(joined: string, place: ToolPlace): string {
  const hash = createHash("sha256").update(keyOf(place)).digest("hex").slice(0, 8);
  return `${joined.slice(0, LONGEST - hash.length - 1)}_${hash}`;
}

function keyOf({ name, namespace }: ToolPlace): string {
  return JSON.stringify([namespace ?? null, name]);
}
