/** Tools of a chat request: functions only, and a choice that names one of them. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

const TOOL_KEYS: ReadonlySet<string> = new Set(["type", "function"]);
const FUNCTION_KEYS: ReadonlySet<string> = new Set(["name", "description", "parameters", "strict"]);

/**
 * The tools as plain functions, each name once; without the key when none is left (`[] is too short - 'tools'`),
 * and then without all that only means something beside tools.
 */
export function cleanChatTools(body: JsonObject, call: Call): JsonObject {
  const names = new Set<Json | undefined>();
  const tools = rewriteEach<Json>(Array.isArray(body.tools) ? body.tools : [], (tool) => {
    const plain = isObject(tool) ? asFunction(tool, call) : undefined;
    const name = isObject(plain?.function) ? plain.function.name : undefined;
    if (plain === undefined || names.has(name)) return [];
    names.add(name);
    return plain;
  });
  if (tools.length === 0) return withoutTools(body);
  const choice = isNamed(body.tool_choice, names) ? body.tool_choice : undefined;
  return withMember(withMember(body, "tools", tools), "tool_choice", choice);
}

/** The body without tools and what goes with them. */
export function withoutTools(body: JsonObject): JsonObject {
  return ["tools", "tool_choice", "parallel_tool_calls"].reduce(
    (rest, key) => withMember(rest, key, undefined),
    body,
  );
}

function asFunction(tool: JsonObject, call: Call): JsonObject | undefined {
  if (tool.type !== "function" || !isObject(tool.function) || typeof tool.function.name !== "string") {
    call.note(`a tool of type ${String(tool.type)} is left out: ${call.model} takes functions only`);
    return undefined;
  }
  return withMember(onlyMembers(tool, TOOL_KEYS), "function", onlyMembers(tool.function, FUNCTION_KEYS));
}

/** A choice that names a tool must name one that is there; the words (`auto`, `none`, `required`) always hold. */
function isNamed(choice: Json | undefined, names: ReadonlySet<Json | undefined>): boolean {
  if (!isObject(choice)) return typeof choice === "string";
  return isObject(choice.function) && names.has(choice.function.name);
}
