import { isObject, type JsonObject } from "./json.ts";

/**
 * The arguments of a tool call as an object. Models sometimes write what is no JSON (protocol 7.8 #130: SAP answers
 * such a history with 500): the text is then kept as one member, so that nothing is lost and the request stays legal.
 */
export function parseToolInput(text: string): JsonObject {
  if (text.trim() === "") return {};
  try {
    const input: unknown = JSON.parse(text);
    if (isObject(input)) return input;
  } catch {
    // Kept as text below.
  }
  return { input: text };
}
