import { isObject, type JsonObject } from "../../hub/json.ts";
import { type HubEvent, type HubUsage, noUsage } from "../../hub/messages.ts";
import type { Frame } from "../../hub/wire.ts";
import type { StreamDecoder, StreamEncoder } from "../codec.ts";
import { decodeUsage, encodeUsage } from "./usage.ts";

/** Messages events as the hub's: the same ones, with usage brought together (input comes first, output last). */
export class MessagesDecoder implements StreamDecoder {
  #usage: HubUsage = noUsage();

  read(event: JsonObject): HubEvent[] {
    switch (event.type) {
      case "message_start": {
        const message = isObject(event.message) ? event.message : {};
        this.#usage = decodeUsage(message.usage);
        const { id, model } = message;
        return [
          { type: "message_start", message: { id: String(id), model: String(model), usage: this.#usage } },
        ];
      }
      case "message_delta":
        this.#usage = decodeUsage(event.usage, this.#usage);
        return [{ ...event, usage: this.#usage } as unknown as HubEvent];
      case "content_block_start":
      case "content_block_delta":
      case "content_block_stop":
      case "message_stop":
        return [event as unknown as HubEvent];
      default:
        return [];
    }
  }

  /** Nothing is held back: a stream without `message_stop` was cut off. */
  end(): HubEvent[] {
    return [];
  }
}

/** Hub events as Messages events, each with its name and full usage where usage stands. */
export class MessagesEncoder implements StreamEncoder {
  write(event: HubEvent): Frame[] {
    return [{ event: event.type, data: JSON.stringify(wireEvent(event)) }];
  }
}

function wireEvent(event: HubEvent): unknown {
  switch (event.type) {
    case "message_start": {
      const { id, model, usage } = event.message;
      const head = { id, type: "message", role: "assistant", model, content: [] };
      return {
        ...event,
        message: { ...head, stop_reason: null, stop_sequence: null, usage: encodeUsage(usage) },
      };
    }
    case "message_delta":
      return {
        ...event,
        delta: { stop_reason: event.delta.stop_reason, stop_sequence: event.delta.stop_sequence ?? null },
        usage: encodeUsage(event.usage),
      };
    default:
      return event;
  }
}
