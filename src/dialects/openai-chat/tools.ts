import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest, HubTool } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";

type Note = (text: string) => void;

/** The tools of a request, those of the form before tools (`functions`) too. */
export function decodeTools(body: JsonObject, note: Note): HubTool[] {
  const tools = listOf(body.tools).flatMap((tool) => decodeTool(tool, note));
  return [...tools, ...listOf(body.functions).flatMap(decodeFunction)];
}

function decodeTool(tool: JsonObject, note: Note): HubTool[] {
  if (isObject(tool.function)) return decodeFunction(tool.function);
  if (isObject(tool.custom)) return decodeCustom(tool.custom);
  note("tools of other types than function and custom are left out: no other host runs them");
  return [];
}

function decodeFunction({ name, description, parameters }: JsonObject): HubTool[] {
  if (typeof name !== "string") return [];
  const schema = isObject(parameters) ? parameters : { properties: {} };
  return [
    {
      name,
      ...(typeof description === "string" && { description }),
      input_schema: { type: "object", ...schema },
    },
  ];
}

/** A free-form tool takes one text, perhaps of a grammar; as a function it gets the text as its only argument. */
function decodeCustom({ name, description, format }: JsonObject): HubTool[] {
  if (typeof name !== "string") return [];
  const grammar = isObject(format) && isObject(format.grammar) ? format.grammar : undefined;
  const told = [
    ...(typeof description === "string" ? [description] : []),
    ...(grammar
      ? [`The input follows this ${String(grammar.syntax)} grammar:\n${String(grammar.definition)}`]
      : []),
  ];
  return [
    {
      name,
      ...(told.length > 0 && { description: told.join("\n\n") }),
      input_schema: {
        type: "object",
        properties: { input: { type: "string" } },
        required: ["input"],
        additionalProperties: false,
      },
      origin: { custom: true },
    },
  ];
}

/** The tools that a chat host can be given; Anthropic's own, which have no schema, are none of them. */
export function encodeTools(request: HubRequest, target: Target): HubTool[] {
  return (request.tools ?? []).filter(({ type }) => {
    const plain = type === undefined || type === "custom" || type === "function";
    if (!plain) target.note(`tool ${type} is left out: only Claude knows it`);
    return plain;
  });
}

export function encodeTool({ name, description, input_schema }: HubTool): JsonObject {
  return {
    type: "function",
    function: { name, ...(description !== undefined && { description }), parameters: input_schema },
  };
}

function listOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
