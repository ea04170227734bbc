/** The way back from structured-request.ts: the forced tool's input becomes the text that the client waits for. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { AnswerTranslation } from "../types.ts";
import { STRUCTURED_OUTPUT_TOOL, structuredOutput } from "./structured-request.ts";

/** The way back for a request that asks for structured output; undefined for every other. */
export function structuredTranslation(body: JsonObject): AnswerTranslation | undefined {
  if (structuredOutput(body) === undefined) return undefined;
  let state: Readonly<StructuredState> = structuredStart;
  return {
    message: unwrapStructuredMessage,
    event(event) {
      const next = structuredEvent(event, state);
      state = next.state;
      return next.events;
    },
  };
}

/** A whole answer, its tool call as a text block of JSON. */
export function unwrapStructuredMessage(message: JsonObject): JsonObject {
  if (!Array.isArray(message.content)) return message;
  const content = rewriteEach<Json>(message.content, (block) =>
    isAnswer(block) ? { type: "text", text: JSON.stringify(block.input ?? {}) } : block,
  );
  const unwrapped = withMember(message, "content", content);
  return content.some(isToolUse)
    ? unwrapped
    : withMember(unwrapped, "stop_reason", endOf(message.stop_reason));
}

/** What `structuredEvent` keeps between the events of one stream. */
export interface StructuredState {
  /** Index of the open block that is the answer. */
  answerAt: Json | undefined;
  /** Whether the open answer has said anything yet. */
  spoken: boolean;
  /** Whether the model also called a tool of the client's. */
  calledTool: boolean;
}

export const structuredStart: Readonly<StructuredState> = {
  answerAt: undefined,
  spoken: false,
  calledTool: false,
};

/** One event of a stream as the events that the client gets for it, and the state for the next one. */
export function structuredEvent(
  event: JsonObject,
  state: Readonly<StructuredState>,
): { events: JsonObject[]; state: Readonly<StructuredState> } {
  switch (event.type) {
    case "content_block_start": {
      const block = event.content_block ?? null;
      if (isAnswer(block)) {
        const started = { ...event, content_block: { type: "text", text: "" } };
        return { events: [started], state: { ...state, answerAt: event.index, spoken: false } };
      }
      return { events: [event], state: isToolUse(block) ? { ...state, calledTool: true } : state };
    }
    case "content_block_delta": {
      if (event.index !== state.answerAt || !isObject(event.delta)) return { events: [event], state };
      const text = event.delta.partial_json ?? "";
      return {
        events: [{ ...event, delta: { type: "text_delta", text } }],
        state: { ...state, spoken: state.spoken || text !== "" },
      };
    }
    case "content_block_stop": {
      if (event.index !== state.answerAt) return { events: [event], state };
      const closed = { ...state, answerAt: undefined };
      if (state.spoken) return { events: [event], state: closed };
      // A tool called without input has no deltas (protocol.md 7.3 #54); as text it must still be JSON.
      const empty = {
        type: "content_block_delta",
        index: event.index,
        delta: { type: "text_delta", text: "{}" },
      };
      return { events: [empty as JsonObject, event], state: closed };
    }
    case "message_delta": {
      if (state.calledTool || !isObject(event.delta)) return { events: [event], state };
      const delta = withMember(event.delta, "stop_reason", endOf(event.delta.stop_reason));
      return { events: [withMember(event, "delta", delta)], state };
    }
    default:
      return { events: [event], state };
  }
}

function isToolUse(block: Json): block is JsonObject {
  return isObject(block) && block.type === "tool_use";
}

function isAnswer(block: Json): block is JsonObject {
  return isToolUse(block) && block.name === STRUCTURED_OUTPUT_TOOL;
}

function endOf(stopReason: Json | undefined): Json | undefined {
  return stopReason === "tool_use" ? "end_turn" : stopReason;
}
