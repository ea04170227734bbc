/** Structured output for families whose `response_format` the service refuses (protocol 4f.2). */
import type { Family } from "../../hub/capabilities.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

/** The tool whose arguments are the answer; structured-answer.ts makes a text of them again. */
export const ANSWER_TOOL = "answer_in_json";

const WITHOUT_FORMAT: ReadonlySet<Family> = new Set<Family>(["claude", "nova", "cohere"]);

/** The schema that the answer has to keep to; undefined for an answer in plain words. */
export function schemaOf({ response_format: format }: JsonObject): JsonObject | undefined {
  if (!isObject(format)) return undefined;
  if (format.type === "json_object") return { type: "object", additionalProperties: true };
  if (format.type !== "json_schema" || !isObject(format.json_schema)) return undefined;
  const { schema } = format.json_schema;
  return isObject(schema) && schema.type === "object" ? schema : undefined;
}

/** The format as a tool that the model has to call. */
export function forceStructuredAnswer(body: JsonObject, call: Call): JsonObject {
  if (!WITHOUT_FORMAT.has(call.capabilities.family) || body.response_format === undefined) return body;
  const schema = schemaOf(body);
  const plain = withMember(body, "response_format", undefined);
  if (schema === undefined) return plain;
  const tools = Array.isArray(body.tools) ? body.tools : [];
  const description = "Gives the final answer to the user. Its arguments are the whole answer.";
  const tool = { type: "function", function: { name: ANSWER_TOOL, description, parameters: schema } };
  const withTool = withMember(plain, "tools", [...tools, tool]);
  return withMember(withTool, "tool_choice", choiceFor(body.tool_choice, tools.length > 0));
}

/** A tool that the client itself forces comes first; among tools of its own the model may choose. */
function choiceFor(choice: Json | undefined, hasTools: boolean): Json {
  if (isObject(choice)) return choice;
  if (hasTools && choice !== "none") return "required";
  return { type: "function", function: { name: ANSWER_TOOL } };
}
