/** Tools as the service takes them: functions, whose parameters are an object's (protocol 4f.2, 7.8 #131). */
import type { Family } from "../../hub/capabilities.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import { cleanChatTools, withoutTools } from "../openai-compatible/chat-tools.ts";
import { dropTools } from "../openai-compatible/without-tools.ts";
import type { Call } from "../types.ts";

/** Whom the service tells of no choice: `does not support parameters: ['tool_choice']` (LangChain's table). */
const CANNOT_CHOOSE: ReadonlySet<Family> = new Set<Family>(["gemini", "nova"]);

export function fitTools(body: JsonObject, call: Call): JsonObject {
  if (!call.capabilities.tools) return dropTools(body, call);
  const clean = cleanChatTools(body, call);
  if (!Array.isArray(clean.tools)) return clean;
  const tools = withMember(clean, "tools", rewriteEach<Json>(clean.tools, withObjectSchema));
  return CANNOT_CHOOSE.has(call.capabilities.family) ? withoutChoice(tools, call) : tools;
}

function withObjectSchema(tool: Json): Json {
  if (!isObject(tool) || !isObject(tool.function)) return tool;
  const { parameters } = tool.function;
  const schema: JsonObject = isObject(parameters) ? parameters : { properties: {} };
  if (schema.type === "object" && parameters !== undefined) return tool;
  return { ...tool, function: { ...tool.function, parameters: { ...schema, type: "object" } } };
}

/** No tools may be called: then there are none, unless the history has some. */
function withoutChoice(body: JsonObject, { note, model }: Call): JsonObject {
  const { tool_choice: choice } = body;
  if (choice === undefined || choice === "auto") return withMember(body, "tool_choice", undefined);
  const used =
    Array.isArray(body.messages) && body.messages.some((each) => isObject(each) && each.role === "tool");
  if (choice === "none" && !used) return withoutTools(body);
  note(`tool_choice is left out: orchestration cannot tell it to ${model}`);
  return withMember(body, "tool_choice", undefined);
}
