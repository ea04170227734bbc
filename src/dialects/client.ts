import type { ApiError } from "../errors.ts";
import type { JsonObject } from "../hub/json.ts";
import type { HubRequest, HubUsage } from "../hub/messages.ts";
import type { Frame } from "../hub/wire.ts";
import type { Codec } from "./codec.ts";

/** What the proxy has to know of a dialect to serve its clients, beside the codec. */
export interface ClientDialect {
  readonly codec: Codec;
  readonly native: NativeFacts;
  /**
   * Checks the body and reads it.
   * @throws ApiError 400 naming the field.
   */
  read(body: JsonObject, path: string, note: (text: string) => void): ClientCall;
  /** What keeps a silent stream alive: an event that clients ignore, or a comment. */
  readonly ping: string;
  /** How a stream tells that it broke; nothing that looks like an end. */
  errorFrames(error: ApiError, requestId: string): readonly Frame[];
}

/** A request as its client meant it. */
export interface ClientCall {
  model: string;
  stream: boolean;
  /** The request in the hub's words; made only when it is translated. */
  hub(): HubRequest;
  /** What stays the same while a conversation goes on: system, tools, the first user message. */
  prefix(): unknown;
}

/** The native path: what of an answer is read and changed where both sides speak this dialect. */
export interface NativeFacts {
  /** Types of events that pass unread. */
  readonly passing: ReadonlySet<string>;
  /** Whether events have an `event:` line with their type. */
  readonly named: boolean;
  /** The event or whole answer with the client's own model id. */
  withModel(event: JsonObject, model: string): JsonObject;
  /** Counts that the event or whole answer reports, over those known before. */
  usage(event: JsonObject, before: HubUsage): HubUsage;
  /** Whether the event is the last of the answer ("now"), or only bookkeeping can follow ("soon"). */
  ends(event: JsonObject): "now" | "soon" | undefined;
  /** What the stream ends with, beyond its events. */
  readonly lastFrames: readonly Frame[];
  /** The id under which the answer is stored upstream, if the event or whole answer tells one. */
  storedId?(event: JsonObject): string | undefined;
  /** Whether a JSON object is an answer of this dialect at all. */
  isAnswer(body: JsonObject): boolean;
}
