import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { ToolUseBlock } from "../../hub/messages.ts";
import { parseToolInput } from "../../hub/tool-input.ts";
import type { ToolPlace } from "../../hub/tool-names.ts";

/** Calls of tools that OpenAI's models have without a declaration: the name to give them, and where their input is. */
const HOSTED: ReadonlyMap<Json | undefined, { name: string; input: string }> = new Map([
  ["local_shell_call", { name: "local_shell", input: "action" }],
  ["shell_call", { name: "shell", input: "action" }],
  ["apply_patch_call", { name: "apply_patch", input: "operation" }],
]);

/**
 * An item that calls a tool; undefined for every other item, and for a call without an id or a name. The id of a call
 * is its `call_id`; the `id` of the item says nothing, but hosted tools may have no other.
 */
export function decodeCall(item: JsonObject, nameOf: (place: ToolPlace) => string): ToolUseBlock | undefined {
  const { type, name, namespace } = item;
  const id = textOf(item.call_id) || textOf(item.id);
  if (id === "") return undefined;
  const hosted = HOSTED.get(type);
  if (hosted) return { type: "tool_use", id, name: hosted.name, input: objectOf(item[hosted.input]) };
  if ((type !== "function_call" && type !== "custom_tool_call") || !textOf(name)) return undefined;
  const place = { name: textOf(name), ...(typeof namespace === "string" && { namespace }) };
  const input = type === "function_call" ? argumentsOf(item.arguments) : { input: textOf(item.input) };
  return { type: "tool_use", id, name: nameOf(place), input };
}

/** JSON as text; some clients send the object itself. */
function argumentsOf(written: Json | undefined): JsonObject {
  return isObject(written) ? written : parseToolInput(textOf(written));
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
