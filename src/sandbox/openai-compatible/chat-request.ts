/** The shape of a chat request, and the rules about its conversation that every OpenAI-like host has. */
import { isObject, type Json } from "../../hub/json.ts";
import type { ChatMessage, ChatRequest } from "./chat-wire.ts";
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
} from "./schema.ts";

const text = object({ type: literal("text"), text: string });
const image = object({
  type: literal("image_url"),
  image_url: object({ url: string }, { detail: string }),
});
const file = object({ type: literal("file"), file: object({ file_data: string }, { filename: string }) });
const refusal = object({ type: literal("refusal"), refusal: string });
const words = stringOr(array(tagged("type", { text }), 1));
const userParts = stringOr(array(tagged("type", { text, image_url: image, file }), 1));
const assistantParts = nullOr(stringOr(array(tagged("type", { text, refusal }), 1)));
const call = object({
  id: string,
  type: literal("function"),
  function: object({ name: string, arguments: string }),
});

function message(content: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return object({ role: string, ...content }, { name: string, ...optional });
}

const system = message({ content: words });
/** The messages; `developer` is OpenAI's own role. */
export function messagesWith(...more: "developer"[]): Check {
  const roles: Record<string, Check> = {
    system,
    user: message({ content: userParts }),
    assistant: message({}, { content: assistantParts, refusal: nullOr(string), tool_calls: array(call, 1) }),
    tool: message({ content: words, tool_call_id: string }),
    ...Object.fromEntries(more.map((role) => [role, system])),
  };
  return array(tagged("role", roles), 1);
}

const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const toolName: Check = (value, path) => {
  string(value, path);
  if (!TOOL_NAME.test(String(value)))
    refuse(
      `Invalid '${path}': string does not match pattern. Expected a string that matches the pattern '${TOOL_NAME.source}'.`,
    );
};

const parameters: Check = (value, path) => {
  dictionary(value, path);
  if (isObject(value) && value.type !== undefined && value.type !== "object")
    refuse(
      `Invalid schema for function: schema must be a JSON Schema of 'type: "object"', got '${String(value.type)}'.`,
    );
};
const declared = { description: string, parameters, strict: nullOr(boolean) };
export const functionFields: { required: Record<string, Check>; optional: Record<string, Check> } = {
  required: { name: toolName },
  optional: declared,
};

/** What all of these hosts know. */
export const COMMON: Record<string, Check> = {
  model: string,
  stream: boolean,
  max_tokens: integer(1),
  temperature: number(0, 2),
  top_p: number(0, 1),
  presence_penalty: number(-2, 2),
  frequency_penalty: number(-2, 2),
  stop: stringOr(array(string, 1)),
  n: integer(1),
};
export const STREAM_OPTIONS: Record<string, Check> = {
  stream_options: object({}, { include_usage: boolean }),
};
export const TOOLS: Record<string, Check> = {
  tools: array(
    tagged("type", {
      function: object({
        type: string,
        function: object(functionFields.required, functionFields.optional),
      }),
    }),
    1,
  ),
  tool_choice: stringOr(object({ type: literal("function"), function: object({ name: string }) })),
  parallel_tool_calls: boolean,
};
export const FORMAT: Record<string, Check> = {
  response_format: tagged("type", {
    text: object({ type: string }),
    json_object: object({ type: string }),
    json_schema: object({
      type: string,
      json_schema: object(
        { name: string },
        { schema: dictionary, strict: nullOr(boolean), description: string },
      ),
    }),
  }),
  seed: integer(0),
};
export const LOGPROBS: Record<string, Check> = {
  logprobs: boolean,
  top_logprobs: integer(0),
  logit_bias: dictionary,
  user: anything,
};

/** Throws a Refusal, or gives back the body as what it now is known to be. */
export function checkChat(value: Json, body: Check): ChatRequest {
  body(value, "");
  const request = value as unknown as ChatRequest;
  if (request.stream_options !== undefined && request.stream !== true)
    refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.");
  checkToolUse(request);
  checkPairs(request.messages);
  checkJsonIsMentioned(request);
  return request;
}

function checkToolUse({ tools, tool_choice: choice, ...body }: ChatRequest): void {
  if (tools === undefined && choice !== undefined)
    refuse("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.");
  if (tools === undefined && "parallel_tool_calls" in body)
    refuse(
      "Invalid value for 'parallel_tool_calls': 'parallel_tool_calls' is only allowed when 'tools' are specified.",
    );
  if (typeof choice !== "object") return;
  const named = choice.function.name;
  if (!tools?.some((tool) => tool.function.name === named))
    refuse(
      `Invalid value for 'tool_choice': no function named '${named}' was specified in the 'tools' parameter.`,
    );
}

/** Calls are answered by the very next messages, each once, and nothing is answered that was not called. */
function checkPairs(messages: readonly ChatMessage[]): void {
  let open = new Set<string>();
  const demand = () => {
    if (open.size === 0) return;
    const rule =
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each";
    refuse(
      `${rule} 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(", ")}`,
    );
  };
  for (const [index, { role, content, tool_calls = [], tool_call_id = "" }] of messages.entries()) {
    if (role === "tool") {
      if (open.delete(tool_call_id)) continue;
      const rule = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'";
      refuse(`Invalid parameter: ${rule}. (messages[${index}])`);
    }
    demand();
    open = new Set(tool_calls.map(({ id }) => id));
    if (role === "assistant" && tool_calls.length === 0 && (content === undefined || content === null))
      refuse(`Invalid value for 'content': expected a string, got null. (messages[${index}])`);
  }
  demand();
}

function checkJsonIsMentioned({ response_format: format, messages }: ChatRequest): void {
  if (format?.type !== "json_object" || /json/i.test(JSON.stringify(messages))) return;
  refuse(
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
  );
}
