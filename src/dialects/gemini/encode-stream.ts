import type { Json, JsonObject } from "../../hub/json.ts";
import type { Block, Delta, HubEvent, HubRequest, HubUsage, StopReason } from "../../hub/messages.ts";
import { toThoughtSignature } from "../../hub/thought-signature.ts";
import { parseToolInput } from "../../hub/tool-input.ts";
import type { Frame } from "../../hub/wire.ts";
import type { StreamEncoder } from "../codec.ts";
import { encodeFinish } from "./finish.ts";
import { encodeUsage } from "./usage.ts";
import type { Part } from "./wire.ts";

/** Hub events as Gemini's chunks: text as it comes, calls whole, the finish and the usage on the last one. */
export class GeminiEncoder implements StreamEncoder {
  readonly #modelVersion: string;
  readonly #showsThoughts: boolean;
  #responseId = "";
  #block: Block | undefined;
  #json = "";
  /** Of a thought that has ended: it goes out on the part that follows. */
  #signature: string | undefined;
  #ending: { stop: StopReason; usage: HubUsage } | undefined;

  constructor(request: HubRequest) {
    this.#modelVersion = request.model;
    this.#showsThoughts = request.vendor?.gemini?.includeThoughts !== false;
  }

  write(event: HubEvent): Frame[] {
    return this.chunks(event).map((chunk) => ({ data: JSON.stringify(chunk) }));
  }

  chunks(event: HubEvent): JsonObject[] {
    switch (event.type) {
      case "message_start":
        this.#responseId = event.message.id;
        return [];
      case "content_block_start":
        this.#block = { ...event.content_block };
        this.#json = "";
        return this.#opening(this.#block);
      case "content_block_delta":
        return this.#delta(event.delta);
      case "content_block_stop":
        return this.#closing(this.#block);
      case "message_delta":
        this.#ending = { stop: event.delta.stop_reason, usage: event.usage };
        return [];
      case "message_stop":
        return [this.#last()];
    }
  }

  /** Most blocks begin empty; what one brings at once is told at once. */
  #opening(block: Block): JsonObject[] {
    if (block.type === "text" && block.text !== "") return [this.#chunk({ text: block.text })];
    return block.type === "thinking" ? this.#thought(block.thinking) : [];
  }

  #delta(delta: Delta): JsonObject[] {
    const block = this.#block;
    switch (delta.type) {
      case "text_delta":
        return delta.text === "" ? [] : [this.#chunk({ text: delta.text })];
      case "thinking_delta":
        if (block?.type === "thinking") block.thinking += delta.thinking;
        return this.#thought(delta.thinking);
      case "signature_delta":
        if (block?.type === "thinking") block.signature = delta.signature;
        return [];
      case "input_json_delta":
        this.#json += delta.partial_json;
        return [];
    }
  }

  #closing(block: Block | undefined): JsonObject[] {
    this.#block = undefined;
    switch (block?.type) {
      case "thinking":
      case "redacted_thinking": {
        // Two thoughts in a row: the first one's signature needs a part of its own.
        const held = this.#signature === undefined ? [] : [this.#chunk({ text: "" })];
        this.#signature = toThoughtSignature(block);
        return held;
      }
      case "tool_use": {
        const args = this.#json === "" ? block.input : parseToolInput(this.#json);
        return [this.#chunk({ functionCall: { id: block.id, name: block.name, args } })];
      }
      default:
        return [];
    }
  }

  #thought(text: string): JsonObject[] {
    if (text === "" || !this.#showsThoughts) return [];
    return [this.#envelope({ content: { role: "model", parts: [{ text, thought: true }] } })];
  }

  /** A part, with the signature of the thought before it. */
  #chunk(part: Part): JsonObject {
    const signed = this.#signature === undefined ? part : { ...part, thoughtSignature: this.#signature };
    this.#signature = undefined;
    return this.#envelope({ content: { role: "model", parts: [signed as unknown as Json] } });
  }

  #last(): JsonObject {
    const { stop = "end_turn", usage } = this.#ending ?? {};
    const part: JsonObject = {
      text: "",
      ...(this.#signature !== undefined && { thoughtSignature: this.#signature }),
    };
    const finished = { content: { role: "model", parts: [part] }, finishReason: encodeFinish(stop) };
    return this.#envelope(finished, usage && encodeUsage(usage));
  }

  #envelope(candidate: JsonObject, usageMetadata?: JsonObject): JsonObject {
    return {
      candidates: [{ ...candidate, index: 0 }],
      ...(usageMetadata && { usageMetadata }),
      modelVersion: this.#modelVersion,
      responseId: this.#responseId,
    };
  }
}
