import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { blocksOf, isMessageList } from "../bedrock-claude/message.ts";
import { novaSchema } from "./tool-schema.ts";

/**
 * Tools and the choice among them; also for a request without tools whose history has calls, since Converse refuses
 * tool blocks without `toolConfig` (protocol.md 4a.8). Undefined for every other.
 */
export function toolConfig(body: JsonObject): JsonObject | undefined {
  const declared = Array.isArray(body.tools) ? body.tools.filter(isObject).map(declaredTool) : [];
  const tools = declared.length > 0 ? declared : calledTools(body.messages);
  if (tools.length === 0) return undefined;
  const toolChoice = declared.length > 0 ? choiceOf(body.tool_choice) : undefined;
  return { tools, ...(toolChoice && { toolChoice }) };
}

function declaredTool({ name, description, input_schema }: JsonObject): JsonObject {
  return toolSpec(
    String(name),
    typeof description === "string" ? description : "",
    isObject(input_schema) ? input_schema : { type: "object" },
  );
}

function toolSpec(name: string, description: string, schema: JsonObject): JsonObject {
  const inputSchema = { json: novaSchema(schema) };
  return { toolSpec: { name, ...(description !== "" && { description }), inputSchema } };
}

/** The tools that the history called, as far as it tells: their names. */
function calledTools(messages: Json | undefined): JsonObject[] {
  if (!isMessageList(messages)) return [];
  const calls = messages.flatMap(blocksOf).filter(({ type }) => type === "tool_use");
  return [...new Set(calls.map(({ name }) => String(name)))].map((name) =>
    toolSpec(name, "Not available any more.", { type: "object" }),
  );
}

/** `none` is not among them: fitToolChoice has taken it away by now. Auto is what holds without a choice. */
function choiceOf(choice: Json | undefined): JsonObject | undefined {
  if (!isObject(choice)) return undefined;
  if (choice.type === "tool") return { tool: { name: choice.name ?? "" } };
  return choice.type === "any" || choice.type === "auto" ? { [choice.type]: {} } : undefined;
}
