/** The shape of `/v2/completion` (protocol 4f.2), as far as a proxy for chat needs it. */
import type { Json, JsonObject } from "../../hub/json.ts";
import type { ChatMessage, ChatRequest } from "../openai-compatible/chat-wire.ts";
import {
  array,
  boolean,
  type Check,
  dictionary,
  integer,
  literal,
  object,
  string,
  stringOr,
  tagged,
} from "./schema.ts";

export type OrchestratedMessage = ChatMessage & {
  reasoning_content?: { content: string; signature: string }[];
};

export interface OrchestrationRequest {
  config: {
    modules: {
      prompt_templating: {
        prompt: {
          template: OrchestratedMessage[];
          tools?: NonNullable<ChatRequest["tools"]>;
          response_format?: NonNullable<ChatRequest["response_format"]>;
        };
        model: { name: string; params?: JsonObject };
      };
    };
    stream?: { enabled?: boolean; chunk_size?: number };
  };
  placeholder_values?: Record<string, string>;
  messages_history?: OrchestratedMessage[];
}

const text = object({ type: string, text: string }, { cache_control: dictionary });
const image = object({ type: string, image_url: object({ url: string }, { detail: string }) });
const file = object({ type: string, file: object({ file_data: string }, { filename: string }) });
const parts = stringOr(array(tagged("type", { text, image_url: image, file }), 1));
const call = object({
  id: string,
  type: literal("function"),
  function: object({ name: string, arguments: string }),
});
const thought = object({ content: string, signature: string });

const messages = array(
  tagged("role", {
    system: object({ role: string, content: stringOr(array(tagged("type", { text }), 1)) }),
    user: object({ role: string, content: parts }),
    // `[] is not of type 'string'` (live, SAIL).
    assistant: object(
      { role: string, content: string },
      { tool_calls: array(call, 1), reasoning_content: array(thought) },
    ),
    tool: object({ role: string, tool_call_id: string, content: (value, path) => toolContent(value, path) }),
  }),
);

function toolContent(value: Json, path: string): void {
  const check = Array.isArray(value) ? array(tagged("type", { text })) : string;
  check(value, path);
}

const objectSchema: Check = (value, path) => {
  dictionary(value, path);
  literal("object")((value as JsonObject).type ?? null, `${path}.type`);
};
const functionTool = object(
  { name: string },
  { description: string, parameters: objectSchema, strict: boolean },
);
const tools = array(tagged("type", { function: object({ type: string, function: functionTool }) }));
const format = tagged("type", {
  text: object({ type: string }),
  json_object: object({ type: string }),
  json_schema: object({
    type: string,
    json_schema: object({ name: string }, { schema: dictionary, strict: boolean, description: string }),
  }),
});

export const requestShape: Check = object(
  {
    config: object(
      {
        modules: object({
          prompt_templating: object({
            prompt: object({ template: messages }, { tools, response_format: format, defaults: dictionary }),
            model: object(
              { name: string },
              { version: string, params: dictionary, timeout: integer(1), max_retries: integer(0) },
            ),
          }),
        }),
      },
      { stream: object({}, { enabled: boolean, chunk_size: integer(1, 10_000), delimiters: array(string) }) },
    ),
  },
  { placeholder_values: dictionary, messages_history: messages },
);
