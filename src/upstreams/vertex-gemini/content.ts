import { isObject, type Json, type JsonObject } from "../../hub/json.ts";

export type Part = JsonObject;

/** A content whose shape was checked; what its parts hold was not. */
export interface Content extends JsonObject {
  role: string;
  parts: Part[];
}

export function partsOf(content: Json | undefined): Part[] {
  return isObject(content) && Array.isArray(content.parts) ? content.parts.filter(isObject) : [];
}

/** A function call or answer in a part, with its name and, from some clients, its id. */
export interface Named extends JsonObject {
  name: string;
}

export function namedIn(part: Part, kind: "functionCall" | "functionResponse"): Named | undefined {
  const { [kind]: value } = part;
  return isObject(value) && typeof value.name === "string" ? (value as Named) : undefined;
}
