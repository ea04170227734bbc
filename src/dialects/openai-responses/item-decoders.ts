import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Block, Delta } from "../../hub/messages.ts";
import { decodeOutputItem, spokenText, textOf } from "./decode-answer.ts";

/** What an item has to tell: deltas of one block, or that the block is complete. */
export type Told =
  | { key: string; begin: () => Block; deltas: Delta[]; isCall: boolean }
  | { key: string; finished: true };

/** One item of the output while it is told. */
export interface ItemDecoder {
  read(event: JsonObject): Told[];
}

/** Undefined for items that mean nothing elsewhere, such as searches of OpenAI's own. */
export function itemDecoder(item: JsonObject, index: number): ItemDecoder | undefined {
  switch (item.type) {
    case "message":
      return new MessageDecoder(index);
    case "reasoning":
      return new ReasoningDecoder(index);
    default: {
      const [call] = decodeOutputItem(item);
      return call && new CallDecoder(index, call, item.type === "custom_tool_call");
    }
  }
}

/** The texts of a message, by `content_index`. What a delta told is not told again by the `done` events behind it. */
class MessageDecoder implements ItemDecoder {
  readonly #index: number;
  readonly #told = new Set<Json>();

  constructor(index: number) {
    this.#index = index;
  }

  read({ type, item, content_index = 0, delta, part, text, refusal }: JsonObject): Told[] {
    switch (type) {
      case "response.output_text.delta":
      case "response.refusal.delta":
        return this.#say(content_index, textOf(delta));
      case "response.output_text.done":
      case "response.refusal.done":
        return this.#sayAll(content_index, textOf(text) || textOf(refusal));
      case "response.content_part.done":
        return isObject(part) ? this.#sayAll(content_index, spokenText(part)) : [];
      case "response.output_item.done": {
        const parts = isObject(item) && Array.isArray(item.content) ? item.content : [];
        return parts.flatMap((one, index) => (isObject(one) ? this.#sayAll(index, spokenText(one)) : []));
      }
      default:
        return [];
    }
  }

  #sayAll(place: Json, text: string): Told[] {
    return this.#told.has(place) ? [] : this.#say(place, text);
  }

  #say(place: Json, text: string): Told[] {
    if (text === "") return [];
    this.#told.add(place);
    const key = `text ${this.#index}.${String(place)}`;
    return [{ key, begin: emptyText, deltas: [{ type: "text_delta", text }], isCall: false }];
  }
}

/** A thought: its summary, or the reasoning itself, in paragraphs; the seal comes with the whole item. */
class ReasoningDecoder implements ItemDecoder {
  readonly #key: string;
  #paragraph: string | undefined;

  constructor(index: number) {
    this.#key = `thinking ${index}`;
  }

  read({ type, item, summary_index, content_index, delta }: JsonObject): Told[] {
    switch (type) {
      case "response.reasoning_summary_text.delta":
        return this.#think(`summary ${String(summary_index ?? 0)}`, textOf(delta));
      case "response.reasoning_text.delta":
        return this.#think(`content ${String(content_index ?? 0)}`, textOf(delta));
      case "response.output_item.done":
        return isObject(item) ? this.#seal(item) : [];
      default:
        return [];
    }
  }

  #think(paragraph: string, text: string): Told[] {
    if (text === "") return [];
    const isNext = this.#paragraph !== undefined && this.#paragraph !== paragraph;
    this.#paragraph = paragraph;
    return this.#tell([{ type: "thinking_delta", thinking: isNext ? `\n\n${text}` : text }]);
  }

  #seal(item: JsonObject): Told[] {
    const [thought] = decodeOutputItem(item);
    if (thought?.type !== "thinking") return [];
    const { thinking, signature } = thought;
    const deltas: Delta[] = [];
    if (this.#paragraph === undefined && thinking !== "") deltas.push({ type: "thinking_delta", thinking });
    if (signature !== undefined) deltas.push({ type: "signature_delta", signature });
    return deltas.length > 0 ? this.#tell(deltas) : [];
  }

  #tell(deltas: Delta[]): Told[] {
    return [{ key: this.#key, begin: emptyThinking, deltas, isCall: false }];
  }
}

/** A call. The text of a free-form tool becomes the one argument of a function: JSON written piece by piece. */
class CallDecoder implements ItemDecoder {
  readonly #key: string;
  readonly #call: Block;
  readonly #isCustom: boolean;
  #told = false;
  #finished = false;

  constructor(index: number, call: Block, isCustom: boolean) {
    this.#key = `call ${index}`;
    this.#call = call;
    this.#isCustom = isCustom;
  }

  read(event: JsonObject): Told[] {
    if (this.#finished) return [];
    switch (event.type) {
      case "response.output_item.added":
        return this.#tell([]);
      case "response.function_call_arguments.delta":
      case "response.custom_tool_call_input.delta":
        return this.#write(textOf(event.delta));
      case "response.function_call_arguments.done":
        return this.#told ? [] : this.#write(textOf(event.arguments));
      case "response.custom_tool_call_input.done":
        return this.#told ? [] : this.#write(textOf(event.input));
      case "response.output_item.done":
        return isObject(event.item) ? this.#finish(event.item) : [];
      default:
        return [];
    }
  }

  #finish(item: JsonObject): Told[] {
    const [whole] = decodeOutputItem(item);
    const rest = this.#told
      ? this.#isCustom
        ? '"}'
        : ""
      : whole?.type === "tool_use"
        ? JSON.stringify(whole.input)
        : "";
    this.#finished = true;
    return [...this.#tell(rest === "" ? [] : [piece(rest)]), { key: this.#key, finished: true }];
  }

  #write(text: string): Told[] {
    if (text === "") return [];
    const head = this.#isCustom && !this.#told ? '{"input":"' : "";
    this.#told = true;
    return this.#tell([piece(head + (this.#isCustom ? JSON.stringify(text).slice(1, -1) : text))]);
  }

  #tell(deltas: Delta[]): Told[] {
    const begin = (): Block => ({ ...this.#call, input: {} }) as Block;
    return [{ key: this.#key, begin, deltas, isCall: true }];
  }
}

function piece(partial_json: string): Delta {
  return { type: "input_json_delta", partial_json };
}

const emptyText = (): Block => ({ type: "text", text: "" });
const emptyThinking = (): Block => ({ type: "thinking", thinking: "" });
