import { presentable } from "../aicore/error-text.ts";
import { messagesError } from "../dialects/anthropic/errors.ts";
import { ApiError } from "../errors.ts";
import { isObject, type Json, type JsonObject } from "../hub/json.ts";
import { frameOf } from "../stream/frames.ts";
import type { NativeStream } from "../stream/native-scanner.ts";
import type { AnswerTranslation, StreamError, Upstream } from "../upstreams/types.ts";
import type { StreamWords } from "./stream-reply.ts";

/** Token counts of one answer, in the Messages API's terms: input is exclusive of both cache counts. */
export interface MessageUsage {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
}

const PASSING = new Set(["content_block_start", "content_block_delta", "content_block_stop", "ping"]);

/**
 * The Messages stream on its native path: reads usage, gives the client its own model id back, strips what only
 * the host adds, and notices the end. Content passes unread, unless the answer has to be translated back.
 */
export class MessageStream implements NativeStream {
  readonly passing: ReadonlySet<string>;
  readonly usage: MessageUsage = noUsage();
  /** Whether `message_stop` came: without it the answer is not complete, however it ended. */
  complete = false;
  readonly #model: string;
  readonly #upstream: Upstream;
  readonly #translation: AnswerTranslation | undefined;

  constructor(model: string, upstream: Upstream, translation: AnswerTranslation | undefined) {
    this.#model = model;
    this.#upstream = upstream;
    this.#translation = translation;
    this.passing = translation ? new Set(["ping"]) : PASSING;
  }

  onEvent(event: JsonObject): readonly JsonObject[] {
    const failure = this.#upstream.readStreamError(event);
    if (failure) throw streamFailure(failure);
    if (typeof event.type !== "string") return [];
    if (event.type === "message_stop") this.complete = true;
    const own = this.#upstream.cleanEvent(event);
    if (!own) return [];
    const clean = this.#adapt(own);
    return this.#translation ? this.#translation.event(clean) : [clean];
  }

  #adapt(event: JsonObject): JsonObject {
    const { message, delta } = event;
    if (event.type === "message_start" && isObject(message)) {
      readUsage(this.usage, message.usage);
      return { ...event, message: { ...message, model: this.#model } };
    }
    if (event.type === "message_delta" && isObject(delta)) {
      readUsage(this.usage, event.usage);
      if (typeof delta.stop_reason !== "string") return event;
      const reason = this.#upstream.stopReason(delta.stop_reason);
      return reason === delta.stop_reason ? event : { ...event, delta: { ...delta, stop_reason: reason } };
    }
    return event;
  }
}

/** An upstream's failure as a status would have told it; its words stay, as far as they may be shown. */
function streamFailure({ status, type, message }: StreamError): ApiError {
  return new ApiError(status, presentable(message, status), { type, origin: "upstream" });
}

export function noUsage(): MessageUsage {
  return { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 };
}

/** Counts are cumulative: the last one seen holds, and is never summed (protocol 7.3 #46). */
export function readUsage(usage: MessageUsage, reported: Json | undefined): void {
  if (!isObject(reported)) return;
  const count = (key: string, before: number) => (typeof reported[key] === "number" ? reported[key] : before);
  usage.input = count("input_tokens", usage.input);
  usage.cacheRead = count("cache_read_input_tokens", usage.cacheRead);
  usage.cacheWrite = count("cache_creation_input_tokens", usage.cacheWrite);
  usage.output = count("output_tokens", usage.output);
}

/** What a Messages stream says on the proxy's account. */
export function messageWords(requestId: string): StreamWords {
  return {
    ping: frameOf("ping", '{"type":"ping"}'),
    errorFrame: (error: ApiError) =>
      frameOf("error", JSON.stringify(messagesError(inStream(error), requestId))),
  };
}

/** A stream that breaks is an `api_error`; what an upstream or a limit named keeps its name (DESIGN 8). */
function inStream(error: ApiError): ApiError {
  if (error.type !== "api_error" || error.origin === "upstream") return error;
  return new ApiError(error.status, `The stream was interrupted: ${error.message}`, { type: "api_error" });
}
