import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";

/** The system instruction without empty texts, which are refused; without the key when nothing is left. */
export function cleanSystem(body: JsonObject): JsonObject {
  const { systemInstruction: system } = body;
  if (!isObject(system) || !Array.isArray(system.parts))
    return withMember(body, "systemInstruction", undefined);
  const parts = rewriteEach<Json>(system.parts, (part) => (isObject(part) && part.text === "" ? [] : part));
  if (parts.length === 0) return withMember(body, "systemInstruction", undefined);
  return withMember(body, "systemInstruction", withMember(system, "parts", parts));
}
