/**
 * The hub: Anthropic Messages as we extend it, the one vocabulary that every dialect is translated to and from. Names
 * and shapes are those of the wire, so that the Anthropic codec is the identity. What is added is marked "hub only"
 * and never goes to an Anthropic client or to Claude.
 */
import type { Json, JsonObject } from "./json.ts";

export interface HubRequest {
  /** As the client wrote it. */
  model: string;
  stream?: boolean;
  /** Tokens. Absent where the client's dialect does not ask for it: the model's own maximum is meant. */
  max_tokens?: number;
  system?: string | TextBlock[];
  messages: HubMessage[];
  tools?: HubTool[];
  tool_choice?: ToolChoice;
  temperature?: number;
  top_p?: number;
  top_k?: number;
  stop_sequences?: string[];
  thinking?: Thinking;
  output_config?: OutputConfig;
  /** Hub only: what a dialect can say and its siblings too, but Messages cannot. Other targets drop it. */
  vendor?: Vendor;
}

/** Parameters in their own dialect's words, by the family that understands them. */
export interface Vendor {
  openai?: JsonObject;
  gemini?: JsonObject;
  /** What only the form of the answer to a chat client depends on; no upstream needs it. */
  chat?: { include_usage?: true; functions?: true };
}

export interface HubMessage {
  /** `system` amid the history stands where the client put it. */
  role: "user" | "assistant" | "system";
  content: string | Block[];
}

export type Block =
  | TextBlock
  | ImageBlock
  | DocumentBlock
  | ThinkingBlock
  | RedactedThinkingBlock
  | ToolUseBlock
  | ToolResultBlock;

export interface CacheControl {
  type: "ephemeral";
  ttl?: "5m" | "1h";
}

export interface TextBlock {
  type: "text";
  text: string;
  cache_control?: CacheControl;
  citations?: Json;
}

export interface ImageBlock {
  type: "image";
  source: Base64Source | UrlSource;
  cache_control?: CacheControl;
}

export interface DocumentBlock {
  type: "document";
  source: Base64Source | UrlSource | { type: "text"; media_type: "text/plain"; data: string };
  title?: string;
  cache_control?: CacheControl;
}

export interface Base64Source {
  type: "base64";
  media_type: string;
  data: string;
}

/** Passed on where the host fetches it itself (Azure); refused elsewhere. We never fetch. */
export interface UrlSource {
  type: "url";
  url: string;
}

export interface ThinkingBlock {
  type: "thinking";
  thinking: string;
  /** Opaque, to be returned unchanged. One that is not Claude's own carries a mark: see signature.ts. */
  signature?: string;
}

export interface RedactedThinkingBlock {
  type: "redacted_thinking";
  data: string;
}

export interface ToolUseBlock {
  type: "tool_use";
  id: string;
  name: string;
  input: JsonObject;
  cache_control?: CacheControl;
}

export interface ToolResultBlock {
  type: "tool_result";
  tool_use_id: string;
  content?: string | Block[];
  is_error?: boolean;
  cache_control?: CacheControl;
}

export interface HubTool {
  name: string;
  description?: string;
  /** JSON Schema of an object. */
  input_schema: JsonObject;
  cache_control?: CacheControl;
  /** Anthropic's own tools have a type (`web_search_20250305`); no other host runs them. */
  type?: string;
  /** Hub only: how the client declared it, where that is not a plain function; answers are turned back by it. */
  origin?: ToolOrigin;
}

export interface ToolOrigin {
  /** A free-form tool of the Responses API: its input is one text, carried as `{"input": "…"}`. */
  custom?: true;
  /** The client's own name and namespace; `name` above is the two in one. */
  namespace?: string;
  name?: string;
}

export type ToolChoice =
  | { type: "auto" | "any"; disable_parallel_tool_use?: boolean }
  | { type: "none" }
  | { type: "tool"; name: string; disable_parallel_tool_use?: boolean };

export type Thinking =
  | { type: "enabled"; budget_tokens: number }
  | { type: "adaptive" }
  | { type: "disabled" };

export type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max";

export interface OutputConfig {
  effort?: Effort;
  format?: OutputFormat;
}

/** `json_object` (any JSON) is hub only. */
export type OutputFormat =
  | { type: "json_schema"; schema: JsonObject; name?: string; strict?: boolean }
  | { type: "json_object" };

export type StopReason = "end_turn" | "max_tokens" | "stop_sequence" | "tool_use" | "pause_turn" | "refusal";

/** Counts in Messages' terms: `input_tokens` is exclusive of both cache counts. */
export interface HubUsage {
  input_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
  /** Hub only: the part of `cache_creation_input_tokens` that stays for an hour, where the upstream tells. */
  cache_creation_1h_tokens?: number;
  output_tokens: number;
  /** Hub only: the part of `output_tokens` that was reasoning, where the upstream tells. */
  reasoning_tokens?: number;
}

/** A whole answer. */
export interface HubAnswer {
  id: string;
  model: string;
  content: Block[];
  stop_reason: StopReason;
  stop_sequence?: string | null;
  usage: HubUsage;
}

/**
 * A stream: `message_start`, then blocks one after another, each start, deltas, stop, then `message_delta` with the
 * stop reason and the final usage, then `message_stop`. Blocks never interleave; indexes count from 0.
 */
export type HubEvent =
  | { type: "message_start"; message: { id: string; model: string; usage: HubUsage } }
  | { type: "content_block_start"; index: number; content_block: Block }
  | { type: "content_block_delta"; index: number; delta: Delta }
  | { type: "content_block_stop"; index: number }
  | {
      type: "message_delta";
      delta: { stop_reason: StopReason; stop_sequence?: string | null };
      usage: HubUsage;
    }
  | { type: "message_stop" };

export type Delta =
  | { type: "text_delta"; text: string }
  | { type: "thinking_delta"; thinking: string }
  | { type: "signature_delta"; signature: string }
  | { type: "input_json_delta"; partial_json: string };

export function noUsage(): HubUsage {
  return { input_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 0 };
}

/** Tokens of the prompt, whether read from a cache, written to one, or neither. */
export function promptOf(usage: HubUsage): number {
  return usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens;
}

/** Whether any count was told: no prompt is empty. */
export function isTold(usage: HubUsage): boolean {
  return promptOf(usage) > 0 || usage.output_tokens > 0;
}

/** Content as blocks: a string is one text block; null is what some clients write for none. */
export function blocksOf(content: string | Block[] | null | undefined): Block[] {
  if (content === undefined || content === null || content === "") return [];
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** The texts of a content, one after another; other blocks are left out. */
export function textOf(content: string | Block[] | undefined): string {
  return blocksOf(content)
    .map((block) => (block.type === "text" ? block.text : ""))
    .join("");
}
