import { BlockCursor } from "../../hub/block-cursor.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { type Block, type Delta, type HubEvent, noUsage } from "../../hub/messages.ts";
import type { StreamDecoder } from "../codec.ts";
import { readUpstreamError } from "../openai/upstream-error.ts";
import { CallDeltas } from "./call-deltas.ts";
import { newAnswerId, stringOf, textOf } from "./decode-answer.ts";
import { readReasoning } from "./reasoning.ts";
import { decodeStopReason } from "./stop-reason.ts";
import { decodeUsage } from "./usage.ts";

/**
 * Chat chunks as hub events. The usage comes after the finish reason, in a chunk without choices, so the end is told
 * by `end()`; a stream that was cut off before its finish reason has none.
 */
export class ChatDecoder implements StreamDecoder {
  readonly #cursor = new BlockCursor();
  readonly #calls = new CallDeltas(this.#cursor);
  /** In chat, calls have no place among the texts: what is said after the first call waits until all are whole. */
  readonly #late: Speech[] = [];
  #started = false;
  #finish = "";
  #usage = noUsage();

  read(chunk: JsonObject): HubEvent[] {
    if (isObject(chunk.error)) throw readUpstreamError(chunk.error);
    if (isObject(chunk.usage)) this.#usage = decodeUsage(chunk.usage);
    const choices = Array.isArray(chunk.choices) ? chunk.choices.filter(isObject) : [];
    const choice = choices.find(({ index }) => (index ?? 0) === 0);
    const finish = stringOf(choice?.finish_reason);
    const events = isObject(choice?.delta) ? this.#read(choice.delta) : [];
    if (finish !== "") this.#finish = finish;
    return [...this.#start(chunk, events.length > 0 || finish !== ""), ...events];
  }

  end(): HubEvent[] {
    if (this.#finish === "") return [];
    const calls = this.#calls.end();
    const stop_reason = decodeStopReason(this.#finish, this.#calls.any);
    return [
      ...calls,
      ...this.#late.flatMap((speech) => this.#speak(speech)),
      ...this.#cursor.close(),
      { type: "message_delta", delta: { stop_reason }, usage: this.#usage },
      { type: "message_stop" },
    ];
  }

  /** Azure's first chunk has no id and only tells of its filter; a host may also never give one. */
  #start(chunk: JsonObject, isNeeded: boolean): HubEvent[] {
    const id = stringOf(chunk.id);
    if (this.#started || (id === "" && !isNeeded)) return [];
    this.#started = true;
    return [
      {
        type: "message_start",
        message: { id: id || newAnswerId(), model: stringOf(chunk.model), usage: noUsage() },
      },
    ];
  }

  #read(delta: JsonObject): HubEvent[] {
    const speech = readSpeech(delta);
    const waits = this.#calls.any;
    if (waits && speech) this.#late.push(speech);
    return [...(speech && !waits ? this.#speak(speech) : []), ...this.#calls.read(delta.tool_calls)];
  }

  #speak({ thoughts, texts }: Speech): HubEvent[] {
    return [
      ...(thoughts.length > 0 ? this.#cursor.write("thinking", emptyThinking, thoughts) : []),
      ...(texts.length > 0 ? this.#cursor.write("text", emptyText, texts) : []),
    ];
  }
}

interface Speech {
  thoughts: Delta[];
  texts: Delta[];
}

/** What a delta thinks and says; undefined when it does neither. */
function readSpeech(delta: JsonObject): Speech | undefined {
  const { text: thinking, signature } = readReasoning(delta);
  const text = textOf(delta.content) + stringOf(delta.refusal);
  const thoughts: Delta[] = [];
  if (thinking !== "") thoughts.push({ type: "thinking_delta", thinking });
  if (signature !== undefined) thoughts.push({ type: "signature_delta", signature });
  const texts: Delta[] = text === "" ? [] : [{ type: "text_delta", text }];
  return thoughts.length + texts.length > 0 ? { thoughts, texts } : undefined;
}

const emptyThinking = (): Block => ({ type: "thinking", thinking: "" });
const emptyText = (): Block => ({ type: "text", text: "" });
