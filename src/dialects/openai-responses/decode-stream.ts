import { BlockCursor } from "../../hub/block-cursor.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { type HubEvent, noUsage } from "../../hub/messages.ts";
import type { StreamDecoder } from "../codec.ts";
import { newResponseId, textOf } from "./decode-answer.ts";
import { readFailure } from "./failure.ts";
import { type ItemDecoder, itemDecoder, type Told } from "./item-decoders.ts";
import { decodeStatus } from "./status.ts";
import { decodeUsage } from "./usage.ts";

/**
 * Events of a response as hub events. Each item of the output is told by its deltas, or, where a host sends none, by
 * its `done` event, or by the last event alone.
 */
export class ResponsesDecoder implements StreamDecoder {
  readonly #cursor = new BlockCursor();
  /** By `output_index`. */
  readonly #items = new Map<number, ItemDecoder>();
  /** Calls that are still being written. What is said meanwhile waits, since blocks never interleave. */
  readonly #open = new Set<string>();
  #late: Told[] = [];
  #started = false;
  #hasCalls = false;

  read(event: JsonObject): HubEvent[] {
    const failure = readFailure(event);
    if (failure) throw failure;
    switch (event.type) {
      case "response.created":
      case "response.in_progress":
        return this.#start(event);
      case "response.completed":
      case "response.incomplete":
        return [...this.#start(event), ...this.#finish(isObject(event.response) ? event.response : {})];
      default: {
        const told = this.#itemOf(event)?.read(event) ?? [];
        return told.length > 0 ? [...this.#start(event), ...this.#tell(told)] : [];
      }
    }
  }

  /** The last event ends a response; a stream without it was cut off. */
  end(): HubEvent[] {
    return [];
  }

  #start({ response }: JsonObject): HubEvent[] {
    if (this.#started) return [];
    this.#started = true;
    const { id, model } = isObject(response) ? response : {};
    const message = { id: textOf(id) || newResponseId(), model: textOf(model), usage: noUsage() };
    return [{ type: "message_start", message }];
  }

  /** The item that an event belongs to: known since it was added, or told of by the event itself. */
  #itemOf({ output_index, item }: JsonObject): ItemDecoder | undefined {
    if (typeof output_index !== "number") return undefined;
    const known = this.#items.get(output_index);
    if (known || !isObject(item)) return known;
    const decoder = itemDecoder(item, output_index);
    if (decoder) this.#items.set(output_index, decoder);
    return decoder;
  }

  #tell(told: Told[]): HubEvent[] {
    return told.flatMap((one) => {
      if ("finished" in one) {
        this.#open.delete(one.key);
        return [...this.#cursor.finish(one.key), ...this.#release()];
      }
      if (one.isCall) {
        this.#hasCalls = true;
        this.#open.add(one.key);
        return this.#cursor.writeTool(one.key, one.begin, one.deltas);
      }
      if (this.#open.size === 0) return this.#cursor.write(one.key, one.begin, one.deltas);
      this.#late.push(one);
      return [];
    });
  }

  #release(): HubEvent[] {
    if (this.#open.size > 0) return [];
    const late = this.#late;
    this.#late = [];
    return this.#tell(late);
  }

  #finish(response: JsonObject): HubEvent[] {
    const output = Array.isArray(response.output) ? response.output.filter(isObject) : [];
    const whole = this.#items.size > 0 ? [] : output;
    const told = whole.flatMap((item, index) => itemDecoder(item, index)?.read({ item, type: DONE }) ?? []);
    const events = this.#tell(told);
    this.#open.clear();
    events.push(...this.#cursor.close(), ...this.#release(), ...this.#cursor.close());
    const stop_reason = decodeStatus(response, this.#hasCalls);
    return [
      ...events,
      { type: "message_delta", delta: { stop_reason }, usage: decodeUsage(response.usage) },
      { type: "message_stop" },
    ];
  }
}

const DONE = "response.output_item.done";
