import type { NativeFacts } from "../dialects/client.ts";
import type { JsonObject } from "../hub/json.ts";
import { type HubUsage, noUsage } from "../hub/messages.ts";
import type { Frame } from "../hub/wire.ts";
import type { AnswerStream } from "../stream/scanner.ts";
import type { AnswerTranslation, Upstream } from "../upstreams/types.ts";
import { streamFailure } from "./failure.ts";

export interface NativeStreamOptions {
  facts: NativeFacts;
  upstream: Upstream;
  translation: AnswerTranslation | undefined;
  /** The client's own model id. */
  model: string;
  /** Hears the id under which the answer is stored. */
  onStored?(id: string): void;
}

/**
 * A stream whose dialect is the client's own: reads usage, gives the client its model id back, strips what only the
 * host adds, and notices the end. Where the request was translated (structured output), so is the content.
 */
export class NativeStream implements AnswerStream {
  readonly passing: ReadonlySet<string>;
  usage: HubUsage = noUsage();
  complete = false;
  #finished = false;
  readonly #options: NativeStreamOptions;

  constructor(options: NativeStreamOptions) {
    this.#options = options;
    this.passing = options.translation ? new Set() : options.facts.passing;
  }

  onEvent(event: JsonObject, data: string): readonly Frame[] {
    const { upstream, translation } = this.#options;
    const failure = upstream.readStreamError(event);
    if (failure) throw streamFailure(failure);
    const own = upstream.cleanEvent(event);
    if (!own) return [];
    // Before the translation, which may hide counts that the client did not ask for, and after it, which may make them.
    this.usage = this.#options.facts.usage(own, this.usage);
    return (translation?.event(own) ?? [own]).flatMap((each) => this.#tell(each, event, data));
  }

  /** One event of the dialect; one that is still the upstream's own keeps the text in which it came. */
  #tell(event: JsonObject, original: JsonObject, data: string): Frame[] {
    const { facts, model } = this.#options;
    if (facts.named && typeof event.type !== "string") return [];
    this.usage = facts.usage(event, this.usage);
    const end = facts.ends(event);
    if (end === "now") this.complete = true;
    if (end !== undefined) this.#finished = true;
    const stored = facts.storedId?.(event);
    if (stored !== undefined) this.#options.onStored?.(stored);
    const restored = facts.withModel(event, model);
    const text = restored === original ? data : JSON.stringify(restored);
    return [facts.named ? { event: String(event.type), data: text } : { data: text }];
  }

  /** Only a stream that told its end is complete; one that was cut off gets nothing that looks like one. */
  onEnd(): readonly Frame[] {
    if (this.complete) return [];
    const held = this.#options.translation?.end?.() ?? [];
    const frames = held.flatMap((event) => this.#tell(event, event, JSON.stringify(event)));
    if (this.complete || !this.#finished) return frames;
    this.complete = true;
    return [...frames, ...this.#options.facts.lastFrames];
  }
}
