import type { JsonObject } from "../../hub/json.ts";
import {
  type Block,
  type Delta,
  type HubEvent,
  type HubRequest,
  noUsage,
  type StopReason,
} from "../../hub/messages.ts";
import { CallEncoder } from "./call-encoder.ts";
import { type ItemEncoder, MessageEncoder, type Place, ReasoningEncoder } from "./item-encoders.ts";
import { type ResponseIds, responseIds } from "./item-ids.ts";
import { closeResponse, openResponse } from "./response.ts";
import { encodeStatus, type Status } from "./status.ts";
import { encodeUsage } from "./usage.ts";

/**
 * Hub events as the events of a response, all the rungs of the ladder: the OpenAI SDK's accumulator wants each. An item
 * is opened with its first content, and closed when the next one begins or the answer ends: only then is it known
 * whether it was cut off.
 */
export class ResponseEvents {
  readonly #request: HubRequest;
  readonly #now: () => number;
  readonly #output: JsonObject[] = [];
  #ids: ResponseIds = responseIds("");
  #response: JsonObject = {};
  #sequence = 0;
  /** The block that is being told, and its item once it has content. */
  #block: Block | undefined;
  #item: ItemEncoder | undefined;
  #place: Place | undefined;
  #stop: StopReason = "end_turn";
  #usage = noUsage();

  /** @param now seconds since 1970 */
  constructor(request: HubRequest, now: () => number) {
    this.#request = request;
    this.#now = now;
  }

  read(event: HubEvent): JsonObject[] {
    const events = this.#read(event);
    for (const each of events) each.sequence_number = this.#sequence++;
    return events;
  }

  #read(event: HubEvent): JsonObject[] {
    switch (event.type) {
      case "message_start":
        return this.#start(event.message);
      case "content_block_start":
        return this.#begin(event.content_block);
      case "content_block_delta":
        return this.#add(event.delta);
      case "content_block_stop":
        return this.#item instanceof MessageEncoder ? this.#item.closePart() : [];
      case "message_delta":
        this.#stop = event.delta.stop_reason;
        this.#usage = event.usage;
        return this.#close(encodeStatus(this.#stop).status);
      case "message_stop":
        return [this.#end()];
    }
  }

  #start({ id, model }: { id: string; model: string }): JsonObject[] {
    this.#ids = responseIds(id);
    this.#response = openResponse(this.#request, { id: this.#ids.response, model, created: this.#now() });
    return ["response.created", "response.in_progress"].map((type) => ({ type, response: this.#response }));
  }

  /** A text goes on with the message of the text before it; calls and sealed thoughts are something from the start. */
  #begin(block: Block): JsonObject[] {
    const goesOn = block.type === "text" && this.#item instanceof MessageEncoder;
    const closed = goesOn ? [] : this.#close("completed");
    this.#block = block;
    if (block.type === "text") return [...closed, ...this.#add({ type: "text_delta", text: block.text })];
    const isWhole = block.type !== "thinking";
    return [...closed, ...(isWhole ? this.#open() : this.#addThought(block))];
  }

  #addThought(block: Block & { type: "thinking" }): JsonObject[] {
    const { thinking, signature } = block;
    this.#block = { type: "thinking", thinking: "" };
    return [
      ...this.#add({ type: "thinking_delta", thinking }),
      ...(signature ? this.#add({ type: "signature_delta", signature }) : []),
    ];
  }

  #add(delta: Delta): JsonObject[] {
    if (isEmpty(delta)) return [];
    const opened = this.#item ? [] : this.#open();
    const told = this.#item?.add(delta) ?? [];
    return opened.length > 0 ? [...opened, ...told] : told;
  }

  #open(): JsonObject[] {
    const made = this.#block && this.#make(this.#block);
    if (!made) return [];
    this.#item = made.item;
    this.#place = made.place;
    return made.item.open();
  }

  /** Blocks that only Messages has are nothing here. */
  #make(block: Block): { item: ItemEncoder; place: Place } | undefined {
    const at = (prefix: Parameters<ResponseIds["item"]>[0]): Place => {
      const output_index = this.#output.length;
      return { item_id: this.#ids.item(prefix, output_index), output_index };
    };
    switch (block.type) {
      case "text": {
        const place = at("msg");
        return { place, item: new MessageEncoder(place) };
      }
      case "thinking":
      case "redacted_thinking": {
        const place = at("rs");
        return { place, item: new ReasoningEncoder(place, block) };
      }
      case "tool_use": {
        const tool = this.#request.tools?.find(({ name }) => name === block.name);
        const place = at(tool?.origin?.custom ? "ctc" : "fc");
        return { place, item: new CallEncoder(place, block, tool) };
      }
      default:
        return undefined;
    }
  }

  #close(status: Status): JsonObject[] {
    const encoder = this.#item;
    const place = this.#place;
    this.#block = undefined;
    this.#item = undefined;
    this.#place = undefined;
    if (!encoder || !place) return [];
    const events = encoder.close();
    const item = encoder.item(status);
    this.#output.push(item);
    return [...events, { type: "response.output_item.done", output_index: place.output_index, item }];
  }

  #end(): JsonObject {
    const { status, incomplete_details } = encodeStatus(this.#stop);
    const response = closeResponse(this.#response, {
      status,
      incomplete_details,
      completed_at: status === "completed" ? this.#now() : null,
      output: this.#output,
      usage: encodeUsage(this.#usage),
    });
    return { type: `response.${status}`, response };
  }
}

function isEmpty(delta: Delta): boolean {
  switch (delta.type) {
    case "text_delta":
      return delta.text === "";
    case "thinking_delta":
      return delta.thinking === "";
    case "signature_delta":
      return delta.signature === "";
    case "input_json_delta":
      return delta.partial_json === "";
  }
}
