import type { JsonObject } from "../../hub/json.ts";
import type { Delta, RedactedThinkingBlock, ThinkingBlock } from "../../hub/messages.ts";
import { sealThought, summaryOf } from "./reasoning.ts";
import type { Status } from "./status.ts";

/** An item of the output while it is told: events without their number, and at the end the whole item. */
export interface ItemEncoder {
  open(): JsonObject[];
  add(delta: Delta): JsonObject[];
  /** The events before `response.output_item.done`. */
  close(): JsonObject[];
  item(status: Status): JsonObject;
}

/** Where an item stands: what its events repeat. */
export interface Place extends JsonObject {
  item_id: string;
  output_index: number;
}

/** A message; texts that follow each other are its parts. */
export class MessageEncoder implements ItemEncoder {
  readonly #place: Place;
  readonly #texts: string[] = [];
  #isOpen = false;

  constructor(place: Place) {
    this.#place = place;
  }

  open(): JsonObject[] {
    const item = { id: this.#place.item_id, ...MESSAGE, status: "in_progress", content: [] };
    return [added(this.#place, item)];
  }

  add(delta: Delta): JsonObject[] {
    if (delta.type !== "text_delta" || delta.text === "") return [];
    const events: JsonObject[] = [];
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#texts.push("");
      events.push({ type: "response.content_part.added", ...this.#at(), part: outputText("") });
    }
    this.#texts[this.#texts.length - 1] += delta.text;
    const { item_id, output_index } = this.#place;
    // Written out, as by far the most of all events: spreads cost it more than the rest (V8 11, Node 20).
    events.push({
      type: "response.output_text.delta",
      item_id,
      output_index,
      content_index: this.#texts.length - 1,
      delta: delta.text,
      logprobs: [],
    });
    return events;
  }

  /** The part is complete; the next text is another one. */
  closePart(): JsonObject[] {
    if (!this.#isOpen) return [];
    this.#isOpen = false;
    const text = this.#texts.at(-1) ?? "";
    return [
      { type: "response.output_text.done", ...this.#at(), text, logprobs: [] },
      { type: "response.content_part.done", ...this.#at(), part: outputText(text) },
    ];
  }

  close(): JsonObject[] {
    return this.closePart();
  }

  item(status: Status): JsonObject {
    return { id: this.#place.item_id, ...MESSAGE, status, content: this.#texts.map(outputText) };
  }

  #at(): JsonObject {
    return { ...this.#place, content_index: this.#texts.length - 1 };
  }
}

/** A thought: its text as the summary, its signature sealed. */
export class ReasoningEncoder implements ItemEncoder {
  readonly #place: Place;
  #thought: ThinkingBlock | RedactedThinkingBlock;

  constructor(place: Place, thought: ThinkingBlock | RedactedThinkingBlock) {
    this.#place = place;
    this.#thought = thought;
  }

  open(): JsonObject[] {
    return [added(this.#place, { id: this.#place.item_id, type: "reasoning", summary: [] })];
  }

  add(delta: Delta): JsonObject[] {
    const thought = this.#thought;
    if (thought.type !== "thinking") return [];
    if (delta.type === "signature_delta") this.#thought = { ...thought, signature: delta.signature };
    if (delta.type !== "thinking_delta" || delta.thinking === "") return [];
    this.#thought = { ...thought, thinking: thought.thinking + delta.thinking };
    const part = { type: "response.reasoning_summary_part.added", ...this.#at(), part: summaryText("") };
    const text = { type: "response.reasoning_summary_text.delta", ...this.#at(), delta: delta.thinking };
    return thought.thinking === "" ? [part, text] : [text];
  }

  close(): JsonObject[] {
    const text = this.#text();
    if (text === "") return [];
    return [
      { type: "response.reasoning_summary_text.done", ...this.#at(), text },
      { type: "response.reasoning_summary_part.done", ...this.#at(), part: summaryText(text) },
    ];
  }

  item(): JsonObject {
    const encrypted_content = sealThought(this.#thought);
    return {
      id: this.#place.item_id,
      type: "reasoning",
      summary: summaryOf(this.#text()),
      ...(encrypted_content && { encrypted_content }),
    };
  }

  #text(): string {
    return this.#thought.type === "thinking" ? this.#thought.thinking : "";
  }

  #at(): JsonObject {
    return { ...this.#place, summary_index: 0 };
  }
}

/** The event that opens an item. */
export function added({ output_index }: Place, item: JsonObject): JsonObject {
  return { type: "response.output_item.added", output_index, item };
}

const MESSAGE = { type: "message", role: "assistant" };

function outputText(text: string): JsonObject {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

function summaryText(text: string): JsonObject {
  return { type: "summary_text", text };
}
