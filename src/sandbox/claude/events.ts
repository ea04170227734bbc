/** A message as the events of its stream, cut into deltas where it hurts readers most (protocol 4a.7). */
import type { JsonObject } from "../../hub/json.ts";
import type { Block } from "./wire.ts";

export type Usage = {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  cache_creation: { ephemeral_5m_input_tokens: number; ephemeral_1h_input_tokens: number };
  output_tokens: number;
  /** Newer models tell how much of it was thinking (protocol 4a.6). */
  output_tokens_details?: { thinking_tokens: number };
};

/** What a prompt costs, before anything is answered. */
export type PromptUsage = Omit<Usage, "output_tokens" | "output_tokens_details">;

export type Answered = {
  model: string;
  id: string;
  type: "message";
  role: "assistant";
  content: Block[];
  stop_reason: string;
  stop_sequence: string | null;
  usage: Usage;
};

/** Code points in one delta, in turns. */
const DELTA_SIZES = [2, 9, 1, 5, 14];
const MOST_DELTAS = 200;

export function eventsOf(message: Answered): JsonObject[] {
  const { content, stop_reason, stop_sequence, usage } = message;
  const { output_tokens, output_tokens_details, ...prompt } = usage;
  const opening = {
    ...message,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...prompt, output_tokens: 1 },
  };
  return [
    { type: "message_start", message: opening },
    ...content.flatMap((block, index) => blockEvents(block, index)),
    {
      type: "message_delta",
      delta: { stop_reason, stop_sequence },
      usage: { output_tokens, ...(output_tokens_details && { output_tokens_details }) },
    },
    { type: "message_stop", "amazon-bedrock-invocationMetrics": metricsOf(usage) },
  ];
}

function blockEvents(block: Block, index: number): JsonObject[] {
  const { start, deltas } = partsOf(block);
  return [
    { type: "content_block_start", index, content_block: start },
    ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function partsOf(block: Block): { start: JsonObject; deltas: JsonObject[] } {
  switch (block.type) {
    case "text":
      return {
        start: { type: "text", text: "" },
        deltas: pieces(String(block.text)).map((text) => ({ type: "text_delta", text })),
      };
    case "thinking":
      return {
        start: { type: "thinking", thinking: "", signature: "" },
        deltas: [
          ...pieces(String(block.thinking)).map((thinking) => ({ type: "thinking_delta", thinking })),
          { type: "signature_delta", signature: block.signature ?? "" },
        ],
      };
    case "tool_use":
      return {
        start: { ...block, input: {} },
        deltas: ["", ...pieces(JSON.stringify(block.input))].map((partial_json) => ({
          type: "input_json_delta",
          partial_json,
        })),
      };
    default:
      return { start: block, deltas: [] };
  }
}

/** Between code points, hence also inside an emoji of several, and inside the escapes of a JSON text. */
export function pieces(text: string): string[] {
  const points = [...text];
  const least = Math.ceil(points.length / MOST_DELTAS);
  const cut: string[] = [];
  for (let at = 0; at < points.length; ) {
    const size = Math.max(least, DELTA_SIZES[cut.length % DELTA_SIZES.length] ?? 1);
    cut.push(points.slice(at, at + size).join(""));
    at += size;
  }
  return cut;
}

function metricsOf(usage: Usage): JsonObject {
  return {
    inputTokenCount: usage.input_tokens,
    outputTokenCount: usage.output_tokens,
    invocationLatency: 100 + usage.output_tokens,
    firstByteLatency: 97,
    cacheReadInputTokenCount: usage.cache_read_input_tokens,
    cacheWriteInputTokenCount: usage.cache_creation_input_tokens,
  };
}
