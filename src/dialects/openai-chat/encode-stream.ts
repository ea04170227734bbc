import type { Json, JsonObject } from "../../hub/json.ts";
import type { Delta, HubEvent, HubRequest, HubUsage } from "../../hub/messages.ts";
import type { Frame } from "../../hub/wire.ts";
import type { StreamEncoder } from "../codec.ts";
import { CallEncoder } from "./call-encoder.ts";
import { finishReason } from "./encode-answer.ts";
import { encodeUsage } from "./usage.ts";

/**
 * Hub events as chat chunks: the role first, then deltas, the finish reason, the usage if the client asked for it,
 * and `[DONE]`.
 */
export class ChatEncoder implements StreamEncoder {
  readonly #request: HubRequest;
  readonly #calls: CallEncoder;
  /** What every chunk of the stream repeats, as JSON that is not closed. */
  #head: string;
  readonly #created: number;

  /** @param created seconds since 1970 */
  constructor(request: HubRequest, created: number) {
    this.#request = request;
    this.#calls = new CallEncoder(request);
    this.#created = created;
    this.#head = this.#headOf("", request.model);
  }

  write(event: HubEvent): Frame[] {
    switch (event.type) {
      case "message_start": {
        const { id, model } = event.message;
        this.#head = this.#headOf(id, model);
        return this.#deltas([{ role: "assistant", content: "" }]);
      }
      case "content_block_start": {
        const { content_block: block } = event;
        return this.#deltas(block.type === "tool_use" ? this.#calls.open(block) : []);
      }
      case "content_block_delta":
        return this.#deltas(this.#read(event.delta));
      case "content_block_stop":
        return this.#deltas(this.#calls.close());
      case "message_delta":
        return this.#finish(finishReason(event.delta.stop_reason, this.#request), event.usage);
      case "message_stop":
        return [{ data: "[DONE]" }];
    }
  }

  /** Signatures of thoughts have no place in chat. */
  #read(delta: Delta): JsonObject[] {
    switch (delta.type) {
      case "text_delta":
        return delta.text === "" ? [] : [{ content: delta.text }];
      case "thinking_delta":
        return delta.thinking === "" ? [] : [{ reasoning_content: delta.thinking }];
      case "input_json_delta":
        return this.#calls.add(delta.partial_json);
      case "signature_delta":
        return [];
    }
  }

  #deltas(deltas: JsonObject[]): Frame[] {
    return deltas.map((delta) => ({
      // Around the delta nothing changes, and streams are made of these.
      data: `${this.#head},"choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":null}]}`,
    }));
  }

  #finish(finish_reason: string, usage: HubUsage): Frame[] {
    const last = this.#chunk({ choices: [{ index: 0, delta: {}, finish_reason }] });
    if (!this.#request.vendor?.chat?.include_usage) return [last];
    return [last, this.#chunk({ choices: [], usage: encodeUsage(usage) })];
  }

  #headOf(id: string, model: string): string {
    const head = { id, object: "chat.completion.chunk", created: this.#created, model };
    return JSON.stringify(head).slice(0, -1);
  }

  /** @param members at least one */
  #chunk(members: { [key: string]: Json }): Frame {
    return { data: `${this.#head},${JSON.stringify(members).slice(1)}` };
  }
}
