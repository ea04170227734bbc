import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import { BlockCursor } from "../../hub/block-cursor.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type HubEvent, type HubUsage, noUsage, type StopReason } from "../../hub/messages.ts";
import { markSignature } from "../../hub/signature.ts";
import type { StreamDecoder } from "../codec.ts";
import { mintCallId } from "./call-ids.ts";
import { bareName, decodeFinish, isBlocked } from "./finish.ts";
import { decodeUsage } from "./usage.ts";
import { type Part, partsIn } from "./wire.ts";

/**
 * Gemini's chunks as hub events. A part is a piece of text or of a thought, or a whole call; usage repeats, and may
 * come once more after the finish, so the end waits for the end of the stream.
 */
export class GeminiDecoder implements StreamDecoder {
  readonly #cursor = new BlockCursor();
  #started = false;
  #id = "";
  #usage: HubUsage = noUsage();
  #stop: StopReason | undefined;
  /** A thought is open that has no signature yet: one on the next part is its own. */
  #thinking = false;
  /** The last block is text: a signature that comes now is too late to stand before it. */
  #saying = false;
  #blocks = 0;
  #calls = 0;

  read(chunk: JsonObject): HubEvent[] {
    throwError(chunk);
    this.#usage = decodeUsage(chunk.usageMetadata, this.#usage);
    const events = this.#start(chunk);
    const candidate = Array.isArray(chunk.candidates) ? chunk.candidates.find(isObject) : undefined;
    if (candidate) {
      for (const part of partsIn(candidate.content)) events.push(...this.#part(part));
      this.#finish(candidate);
    } else if (isBlocked(chunk.promptFeedback)) this.#stop = "refusal";
    return events;
  }

  end(): HubEvent[] {
    if (this.#stop === undefined) return [];
    return [
      ...this.#cursor.close(),
      { type: "message_delta", delta: { stop_reason: this.#stop }, usage: this.#usage },
      { type: "message_stop" },
    ];
  }

  #start({ responseId, modelVersion }: JsonObject): HubEvent[] {
    if (this.#started) return [];
    this.#started = true;
    this.#id = typeof responseId === "string" ? responseId : randomUUID();
    const model = typeof modelVersion === "string" ? modelVersion : "";
    return [{ type: "message_start", message: { id: this.#id, model, usage: this.#usage } }];
  }

  #part(part: Part): HubEvent[] {
    if (part.thought === true) return this.#thought(part.text ?? "", part.thoughtSignature);
    const isSigned = part.thoughtSignature !== undefined && this.#isPlaced(part);
    const events = isSigned ? this.#thought("", part.thoughtSignature) : [];
    const { text, functionCall } = part;
    if (functionCall) return [...events, ...this.#call(functionCall)];
    if (!text) return events;
    this.#thinking = false;
    this.#saying = true;
    this.#blocks++;
    const delta = { type: "text_delta", text } as const;
    return [...events, ...this.#cursor.write("text", () => ({ type: "text", text: "" }), [delta])];
  }

  /**
   * Whether a signature has its thought before it or its part behind it. The one that ends a text has neither, and
   * Gemini does not ask for it back; in a block of its own it would be the last one, where clients look for the
   * answer (Claude Code 2.1.330 then reports an empty result, 2026-11-21).
   */
  #isPlaced({ text, functionCall }: Part): boolean {
    return functionCall !== undefined || this.#thinking || (!this.#saying && Boolean(text));
  }

  /** A signature closes the thought that is open, or stands alone in a block without text. */
  #thought(thinking: string, signature: string | undefined): HubEvent[] {
    const events: HubEvent[] = this.#thinking ? [] : this.#cursor.close();
    const begin = () => ({ type: "thinking", thinking: "" }) as const;
    const told = thinking === "" ? [] : [{ type: "thinking_delta", thinking } as const];
    const signed = signature
      ? [{ type: "signature_delta", signature: markSignature("gemini", signature) } as const]
      : [];
    if (told.length + signed.length === 0) return [];
    events.push(...this.#cursor.write("thinking", begin, [...told, ...signed]));
    if (signature) events.push(...this.#cursor.close());
    this.#thinking = signature === undefined;
    this.#saying = false;
    return events;
  }

  #call({ id, name: given, args }: NonNullable<Part["functionCall"]>): HubEvent[] {
    const name = bareName(given);
    const key = `call ${this.#calls}`;
    const callId = id ?? mintCallId(`${this.#id} ${this.#calls}`, name);
    this.#calls++;
    this.#blocks++;
    this.#thinking = false;
    this.#saying = false;
    const begin = () => ({ type: "tool_use", id: callId, name, input: {} }) as const;
    const partial_json = JSON.stringify(args ?? {});
    return [
      ...this.#cursor.writeTool(key, begin, [{ type: "input_json_delta", partial_json }]),
      ...this.#cursor.finish(key),
    ];
  }

  #finish({ finishReason, finishMessage }: JsonObject): void {
    if (typeof finishReason !== "string" || finishReason === "FINISH_REASON_UNSPECIFIED") return;
    const said = { calls: this.#calls > 0, anything: this.#blocks > 0 };
    this.#stop = decodeFinish(finishReason, finishMessage, said);
  }
}

/** An error instead of a chunk: alone, or in a list, as Google writes it where nobody asked for SSE. */
function throwError(chunk: Json): void {
  const first = Array.isArray(chunk) ? chunk[0] : chunk;
  if (!isObject(first) || !isObject(first.error)) return;
  const { code, message } = first.error;
  const status = typeof code === "number" && code >= 400 && code < 600 ? code : 500;
  const text = typeof message === "string" ? message : "The model's host reported an error.";
  throw new ApiError(status, text, { origin: "upstream" });
}
