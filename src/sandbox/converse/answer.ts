/** What the script says as Converse says it: whole, or in events. */
import type { Json, JsonObject } from "../../hub/json.ts";
import type { Composed } from "../claude/compose.ts";
import { type PromptUsage, pieces } from "../claude/events.ts";
import type { Block } from "../claude/wire.ts";

export interface Answered {
  composed: Composed;
  /** Of the prompt. */
  input: PromptUsage;
}

export function bodyOf({ composed, input }: Answered): JsonObject {
  const content = composed.content.map(blockOf);
  return {
    output: { message: { role: "assistant", content } },
    stopReason: composed.stop_reason,
    usage: usageOf({ composed, input }),
    metrics: { latencyMs: 100 + composed.output_tokens },
  };
}

/** Inputs count without what the caches held; the total is of all. */
export function usageOf({ composed, input }: Answered): JsonObject {
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = input;
  const { output_tokens } = composed;
  return {
    inputTokens: input_tokens,
    outputTokens: output_tokens,
    totalTokens: input_tokens + cache_read_input_tokens + cache_creation_input_tokens + output_tokens,
    cacheReadInputTokens: cache_read_input_tokens,
    cacheWriteInputTokens: cache_creation_input_tokens,
  };
}

/** Only calls have a start; the usage comes behind the end (protocol 4a.8). */
export function eventsOf(answered: Answered): JsonObject[] {
  const { content, stop_reason, output_tokens } = answered.composed;
  return [
    { messageStart: { role: "assistant" } },
    ...content.flatMap(blockEvents),
    { messageStop: { stopReason: stop_reason, additionalModelResponseFields: null } },
    {
      metadata: {
        usage: usageOf(answered),
        metrics: { latencyMs: 100 + output_tokens },
        trace: null,
      },
    },
  ];
}

function blockEvents(block: Block, contentBlockIndex: number): JsonObject[] {
  const delta = (one: JsonObject) => ({ contentBlockDelta: { delta: one, contentBlockIndex } });
  const end = { contentBlockStop: { contentBlockIndex } };
  if (block.type !== "tool_use") return [...pieces(String(block.text)).map((text) => delta({ text })), end];
  const { id: toolUseId = "", name = "" } = block;
  return [
    { contentBlockStart: { start: { toolUse: { toolUseId, name } }, contentBlockIndex } },
    ...pieces(JSON.stringify(block.input)).map((input) => delta({ toolUse: { input } })),
    end,
  ];
}

function blockOf(block: Block): Json {
  if (block.type !== "tool_use") return { text: String(block.text) };
  const { id: toolUseId = "", name = "", input = {} } = block;
  return { toolUse: { toolUseId, name, input } };
}
