import type { Codec, StreamDecoder, StreamEncoder } from "../dialects/codec.ts";
import type { JsonObject } from "../hub/json.ts";
import { type HubEvent, type HubRequest, type HubUsage, noUsage } from "../hub/messages.ts";
import type { Frame } from "../hub/wire.ts";
import type { AnswerStream } from "../stream/scanner.ts";
import type { AnswerTranslation, Upstream } from "../upstreams/types.ts";
import { streamFailure } from "./failure.ts";

export interface TranslatedStreamOptions {
  client: Codec;
  server: Codec;
  upstream: Upstream;
  translation: AnswerTranslation | undefined;
  /** As the client asked, with the client's model id. */
  request: HubRequest;
}

/** A stream between two dialects: the upstream's events to the hub's, the hub's to the client's. */
export class TranslatedStream implements AnswerStream {
  readonly passing: ReadonlySet<string> = new Set();
  usage: HubUsage = noUsage();
  complete = false;
  readonly #options: TranslatedStreamOptions;
  readonly #decoder: StreamDecoder;
  readonly #encoder: StreamEncoder;

  constructor(options: TranslatedStreamOptions) {
    this.#options = options;
    this.#decoder = options.server.decodeStream();
    this.#encoder = options.client.encodeStream(options.request);
  }

  onEvent(event: JsonObject): readonly Frame[] {
    const { upstream, translation } = this.#options;
    const failure = upstream.readStreamError(event);
    if (failure) throw streamFailure(failure);
    const own = upstream.cleanEvent(event);
    if (!own) return [];
    const frames: Frame[] = [];
    if (!translation) this.#encode(this.#decoder.read(own), frames);
    else for (const event of translation.event(own)) this.#encode(this.#decoder.read(event), frames);
    return frames;
  }

  onEnd(): readonly Frame[] {
    const frames: Frame[] = [];
    if (this.complete) return frames;
    const held = this.#options.translation?.end?.() ?? [];
    for (const event of held) this.#encode(this.#decoder.read(event), frames);
    if (!this.complete) this.#encode(this.#decoder.end(), frames);
    return frames;
  }

  /** Adds to `out`, with no array for each event between: streams have them by the thousand. */
  #encode(events: HubEvent[], out: Frame[]): void {
    for (const event of events) {
      // Where it stands at the start already, a stream that breaks has told what its prompt cost.
      if (event.type === "message_start") this.usage = event.message.usage;
      if (event.type === "message_delta") this.usage = event.usage;
      if (event.type === "message_stop") this.complete = true;
      for (const frame of this.#encoder.write(this.#asAsked(event))) out.push(frame);
    }
  }

  /** Answers carry the model id that the client asked for. */
  #asAsked(event: HubEvent): HubEvent {
    if (event.type !== "message_start") return event;
    return { ...event, message: { ...event.message, model: this.#options.request.model } };
  }
}
