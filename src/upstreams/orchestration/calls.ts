import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { parseToolInput } from "../../hub/tool-input.ts";

/**
 * The calls of an assistant's message. Arguments that are no JSON object make the service fail with a 500 (SAP's
 * ai-sdk-js#1554): they are wrapped into one.
 */
export function legalCalls(calls: Json | undefined): JsonObject[] {
  return (Array.isArray(calls) ? calls : []).filter(isObject).map((call) => {
    const { name, written } = calledBy(call);
    return { id: call.id ?? "", type: "function", function: { name, arguments: legalArguments(written) } };
  });
}

/** A custom tool's input is a text; here it is an argument. */
function calledBy({ function: called, custom }: JsonObject): { name: Json; written: Json | undefined } {
  if (isObject(called)) return { name: called.name ?? "", written: called.arguments };
  if (isObject(custom)) return { name: custom.name ?? "", written: { input: custom.input ?? "" } };
  return { name: "", written: undefined };
}

function legalArguments(written: Json | undefined): string {
  if (typeof written !== "string") return JSON.stringify(isObject(written) ? written : {});
  const input = parseToolInput(written);
  return input.input === written || written.trim() === "" ? JSON.stringify(input) : written;
}
