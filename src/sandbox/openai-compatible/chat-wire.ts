/** A chat request once it has passed the checks, and the one shape in which the script reads every request. */
import type { JsonObject } from "../../hub/json.ts";
import type { Block, ClaudeRequest, Message } from "../claude/wire.ts";

interface ChatCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export interface ChatMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content?: string | JsonObject[] | null;
  tool_calls?: ChatCall[];
  tool_call_id?: string;
}

interface ChatTool {
  type: "function";
  function: { name: string; description?: string; parameters?: JsonObject };
}

export interface ChatRequest {
  model?: string;
  messages: ChatMessage[];
  tools?: ChatTool[];
  tool_choice?: "auto" | "none" | "required" | { type: "function"; function: { name: string } };
  max_tokens?: number;
  max_completion_tokens?: number;
  stop?: string | string[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  reasoning_effort?: string;
  response_format?: { type: string; json_schema?: { schema?: JsonObject } };
  prompt_cache_key?: string;
}

/** What the script and `compose` need, in the words in which they were first written: Claude's. */
export function asScript(request: ChatRequest, maxOutput: number, thinks: boolean): ClaudeRequest {
  const { messages, tools = [], tool_choice: choice, stop } = request;
  const isSystem = ({ role }: ChatMessage) => role === "system" || role === "developer";
  return {
    anthropic_version: "",
    max_tokens: request.max_completion_tokens ?? request.max_tokens ?? maxOutput,
    system: messages.filter(isSystem).flatMap(({ content }) => blocks(content)),
    messages: inTurns(messages.filter((message) => !isSystem(message)).map(asMessage)),
    tools: tools.map(({ function: { name, description = "", parameters = {} } }) => ({
      name,
      description,
      input_schema: parameters,
    })),
    ...choiceOf(choice),
    ...(thinks && { thinking: { type: "adaptive" } }),
    ...(stop !== undefined && { stop_sequences: [stop].flat() }),
  };
}

export function choiceOf(choice: ChatRequest["tool_choice"]): Pick<ClaudeRequest, "tool_choice"> {
  if (choice === "none") return { tool_choice: { type: "none" } };
  if (choice === "required") return { tool_choice: { type: "any" } };
  if (typeof choice !== "object") return {};
  return { tool_choice: { type: "tool", name: choice.function.name } };
}

function asMessage({ role, content, tool_calls = [], tool_call_id }: ChatMessage): Message {
  if (role === "tool") {
    const result = { type: "tool_result", tool_use_id: tool_call_id ?? "", content: blocks(content) };
    return { role: "user", content: [result] };
  }
  const calls = tool_calls.map((call) => ({
    type: "tool_use",
    id: call.id,
    name: call.function.name,
    input: { arguments: call.function.arguments },
  }));
  return { role: role === "assistant" ? "assistant" : "user", content: [...blocks(content), ...calls] };
}

/** Neighbours of one role as one message: several tool messages answer one turn. */
export function inTurns(messages: readonly Message[]): Message[] {
  const turns: { role: Message["role"]; content: Block[] }[] = [];
  for (const { role, content } of messages) {
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...(content as Block[]));
    else turns.push({ role, content: [...(content as Block[])] });
  }
  return turns;
}

function blocks(content: ChatMessage["content"]): Block[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  return (content ?? []).map(asBlock);
}

/** A part of chat or of Responses as a block; text under any of its names. */
export function asBlock(part: JsonObject): Block {
  const { image_url: image, file_data: data } = part;
  const inner = part.file as { file_data?: string } | undefined;
  const url = typeof image === "string" ? image : (image as { url?: string } | undefined)?.url;
  const document = inner?.file_data ?? data;
  if (url !== undefined) return { type: "image", source: sourceOf(url) };
  if (typeof document === "string") return { type: "document", source: sourceOf(document) };
  return { type: "text", text: String(part.text ?? part.refusal ?? "") };
}

function sourceOf(url: string): JsonObject {
  const [, media_type = "", data = ""] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return data === "" ? { type: "url", url } : { type: "base64", media_type, data };
}
