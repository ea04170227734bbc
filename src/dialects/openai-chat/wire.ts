import type { Json, JsonObject } from "../../hub/json.ts";

/** The shapes of Chat Completions that we read, as far as `readChatCall` has checked them. */
export interface ChatMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool" | "function";
  content?: string | ChatPart[] | null;
  refusal?: string | null;
  reasoning_content?: Json;
  tool_calls?: ChatToolCall[] | null;
  tool_call_id?: string;
  /** The form before tools: one call, without an id. */
  function_call?: ChatFunctionCall | null;
}

export type ChatPart =
  | { type: "text"; text: string }
  | { type: "refusal"; refusal: string }
  | { type: "image_url"; image_url: string | { url: string } }
  | { type: "file"; file: { file_data: string; filename?: string } }
  | { type: "input_audio"; input_audio: JsonObject };

export interface ChatFunctionCall {
  name: string;
  /** JSON as text; some clients send the object itself. */
  arguments?: Json;
}

export type ChatToolCall =
  | { id: string; type?: "function"; function: ChatFunctionCall }
  | { id: string; type: "custom"; custom: { name: string; input?: Json } };
