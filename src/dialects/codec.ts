import type { Capabilities } from "../hub/capabilities.ts";
import type { JsonObject } from "../hub/json.ts";
import type { HubAnswer, HubEvent, HubRequest } from "../hub/messages.ts";
import type { Frame, WireName } from "../hub/wire.ts";

/** What an encoder must know of the model that it writes for. */
export interface Target {
  /** SAP's name. */
  model: string;
  capabilities: Capabilities;
  /** Tells the user, once in the log, what this dialect could not say. A text is the same each time. */
  note(text: string): void;
}

/** Turns the events of an upstream into the hub's. State lives here, one decoder a stream. */
export interface StreamDecoder {
  /**
   * The hub events that one event of the wire tells of.
   * @throws ApiError (origin "upstream") when the event is an error.
   */
  read(event: JsonObject): HubEvent[];
  /** At the end of the upstream: what was held back. Without `message_stop` in all of it the stream was cut off. */
  end(): HubEvent[];
}

/** Turns hub events into frames for a client. */
export interface StreamEncoder {
  write(event: HubEvent): Frame[];
}

/**
 * A dialect as a codec of pure functions. Everything that a dialect can say and the hub can not is dropped with a
 * note, never refused when the task can go on, never invented.
 */
export interface Codec {
  readonly name: WireName;
  /**
   * Client → hub.
   * @throws ApiError 400 naming the field (security B13–B18).
   */
  decodeRequest(body: JsonObject, note: (text: string) => void): HubRequest;
  /** Hub → upstream. */
  encodeRequest(request: HubRequest, target: Target): JsonObject;
  /** Upstream → hub. */
  decodeAnswer(body: JsonObject): HubAnswer;
  /** Hub → client; `model` in it is the one that the client asked for. */
  encodeAnswer(answer: HubAnswer, request: HubRequest): JsonObject;
  decodeStream(): StreamDecoder;
  encodeStream(request: HubRequest): StreamEncoder;
}

export type { Frame } from "../hub/wire.ts";
