/** The shape of a Responses request (protocol 4b.4). */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { functionFields } from "../openai-compatible/chat-request.ts";
import {
  anything,
  array,
  boolean,
  type Check,
  dictionary,
  integer,
  literal,
  nullOr,
  number,
  object,
  refuse,
  string,
  stringOr,
  tagged,
} from "../openai-compatible/schema.ts";
import { items } from "./items.ts";

export interface ResponsesRequest {
  input: string | JsonObject[];
  instructions?: string;
  tools?: (JsonObject & { name: string; description?: string; parameters?: JsonObject })[];
  tool_choice?: "auto" | "none" | "required" | { type: string; name: string };
  parallel_tool_calls?: boolean;
  max_output_tokens?: number;
  reasoning?: { effort?: string; summary?: string };
  include?: string[];
  store?: boolean;
  stream?: boolean;
  previous_response_id?: string | null;
  prompt_cache_key?: string;
  text?: JsonObject & { format?: { type: string; schema?: JsonObject } };
}

const tool = object({ type: literal("function"), ...functionFields.required }, functionFields.optional);
const format = tagged("type", {
  text: object({ type: string }),
  json_object: object({ type: string }),
  json_schema: object(
    { type: string, name: string, schema: dictionary },
    { strict: nullOr(boolean), description: string },
  ),
});
const conversation: Record<string, Check> = {
  model: string,
  instructions: nullOr(string),
  tools: array(tool),
  parallel_tool_calls: boolean,
  reasoning: object(
    {},
    { effort: nullOr(string), summary: nullOr(string), generate_summary: nullOr(string) },
  ),
  text: object({}, { format, verbosity: literal("low", "medium", "high") }),
  prompt_cache_key: string,
  previous_response_id: nullOr(string),
};
const input = { input: stringOr(items) };
const body = object(input, {
  ...conversation,
  stream: boolean,
  stream_options: object({}, { include_obfuscation: boolean }),
  store: boolean,
  include: array(literal("reasoning.encrypted_content", "message.output_text.logprobs")),
  background: boolean,
  truncation: literal("auto", "disabled"),
  tool_choice: stringOr(object({ type: literal("function"), name: string })),
  temperature: number(0, 2),
  top_p: number(0, 1),
  top_logprobs: integer(0),
  max_output_tokens: integer(16),
  max_tool_calls: integer(1),
  metadata: dictionary,
  safety_identifier: string,
  service_tier: string,
  prompt_cache_retention: anything,
  user: string,
});
const compactBody = object(input, conversation);

/** Throws a Refusal, or gives back the body as what it now is known to be. */
export function checkResponses(value: Json, model: string): ResponsesRequest {
  checkToolTypes(value, model);
  body(value, "");
  const request = value as unknown as ResponsesRequest;
  const { tool_choice: choice, tools = [] } = request;
  const named = typeof choice === "object" ? choice.name : undefined;
  if (named !== undefined && !tools.some(({ name }) => name === named))
    refuse(`Tool choice '${named}' not found in 'tools' parameter.`);
  if (choice === "required" && tools.length === 0)
    refuse("Tool choice 'required' must be specified with 'tools' parameter.");
  const names = tools.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) refuse(`Duplicate tool name '${twice}' in 'tools'.`);
  return request;
}

export function checkCompact(value: Json, model: string): ResponsesRequest {
  checkToolTypes(value, model);
  compactBody(value, "");
  return value as unknown as ResponsesRequest;
}

/** SAP itself refuses these, in its own words and shape. */
function checkToolTypes(value: Json, model: string): void {
  const tools = isObject(value) && Array.isArray(value.tools) ? value.tools.filter(isObject) : [];
  const types = [...new Set(tools.map(({ type }) => String(type)))]
    .filter((type) => type !== "function")
    .sort();
  if (types.length === 0) return;
  const subject = types.length > 1 ? "tools are" : "tool is";
  const list = [types.slice(0, -1).join(", "), types.at(-1)].filter(Boolean).join(" and ");
  refuse(`The following ${subject} not allowed for model '${model}': ${list}.`);
}

/** A bare string is one message of the user. */
export function inputItems(input: ResponsesRequest["input"]): JsonObject[] {
  return typeof input === "string" ? [{ type: "message", role: "user", content: input }] : input;
}
