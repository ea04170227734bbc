import { isObject, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

/** The tool whose input is the answer; structured-answer.ts turns its call back into text. */
export const STRUCTURED_OUTPUT_TOOL = "answer_in_json";

interface StructuredOutput {
  name: string;
  /** JSON Schema of an object. */
  schema: JsonObject;
}

/**
 * The answer's schema, when the client asks for one: `output_config.format`, or `output_format` as the first beta
 * had it. Undefined also for a schema that is not an object's: a tool's input cannot be anything else.
 */
export function structuredOutput(body: JsonObject): StructuredOutput | undefined {
  const format = formatOf(body);
  if (format?.type !== "json_schema" || !isObject(format.schema) || format.schema.type !== "object")
    return undefined;
  return { name: STRUCTURED_OUTPUT_TOOL, schema: format.schema };
}

function formatOf(body: JsonObject): JsonObject | undefined {
  const format = isObject(body.output_config) ? body.output_config.format : undefined;
  const chosen = format ?? body.output_format;
  return isObject(chosen) ? chosen : undefined;
}

/**
 * Structured output as a tool that the model has to call, since Bedrock refuses `format` (a ValidationException on
 * 4.5; the beta 8 of 8 times: protocol.md 4a.3, 4a.5). Used by Claude Code for session titles and by the SDK's
 * `messages.parse`. Can go when `format` passes on `invoke`.
 */
export function forceStructuredOutput(body: JsonObject, call: Call): JsonObject {
  const wanted = structuredOutput(body);
  if (wanted === undefined) {
    if (formatOf(body) !== undefined)
      call.note("output_config.format is left out: only the schema of an object can be kept to");
    return body;
  }
  const tools = Array.isArray(body.tools) ? body.tools : [];
  const answerTool: JsonObject = {
    name: wanted.name,
    description: "Gives the final answer to the user. Its input is the whole answer.",
    input_schema: wanted.schema,
  };
  const withTool = withMember(body, "tools", [...tools, answerTool]);
  return withMember(withTool, "tool_choice", choiceFor(body.tool_choice, tools.length > 0));
}

/**
 * With tools of its own the client still needs the model to call them, so it may choose among all; a tool that the
 * client itself forces comes first, and the answer follows in a later turn.
 */
function choiceFor(choice: JsonObject[string] | undefined, hasTools: boolean): JsonObject {
  const type = isObject(choice) ? choice.type : undefined;
  if (isObject(choice) && type === "tool") return choice;
  if (hasTools && type !== "none") return { type: "any" };
  return { type: "tool", name: STRUCTURED_OUTPUT_TOOL, disable_parallel_tool_use: true };
}
