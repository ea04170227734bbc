import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { ApiError } from "../errors.ts";

/** What receives an answer's body, in order; after `end` or `error` nothing more comes. */
export interface BodySink {
  data(chunk: Buffer): void;
  end(): void;
  error(error: ApiError): void;
}

/** The head of an answer, and its body, which flows only once someone reads it. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: AnswerBody;
}

const TEXT_LIMIT = 64 * 1024 * 1024;
/** Bytes that may wait here for a reader before the sender is halted. */
const MOST_HELD = 64 * 1024;
const NOTHING = Buffer.alloc(0);

/**
 * An answer's body on undici's dispatch interface: chunks are handed on as they come from the socket, with no
 * stream object between (half the CPU per event of web streams, measured 2026-11). It starts paused. What comes in a
 * pause is held; only when that is much, undici is paused, which makes it give back to the socket what it has read.
 */
export class AnswerBody {
  readonly #controller: Dispatcher.DispatchController;
  #sink: BodySink | undefined;
  #paused = true;
  #held: Buffer[] = [];
  #heldSize = 0;
  #ended = false;
  #error: ApiError | undefined;

  constructor(controller: Dispatcher.DispatchController) {
    this.#controller = controller;
  }

  /** Lets the body flow into `sink`, from where an earlier one has paused it. */
  flowInto(sink: BodySink): void {
    this.#sink = sink;
    if (this.#error) sink.error(this.#error);
    else this.resume();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    while (this.#held.length > 0) {
      const chunk = this.#held.shift() ?? NOTHING;
      this.#heldSize -= chunk.length;
      this.#sink?.data(chunk);
      if (this.#paused || !this.#sink) return;
    }
    if (this.#ended) this.#sink?.end();
    else if (this.#controller.paused) this.#controller.resume();
  }

  /** Ends the call: the socket is destroyed, the sink hears no more. */
  abort(): void {
    this.#sink = undefined;
    this.#held = [];
    if (!this.#ended && !this.#error) this.#controller.abort(new Error("aborted"));
  }

  /**
   * The whole body as UTF-8 text.
   * @throws ApiError 502 when it is longer than `limit` bytes or breaks off.
   */
  async text(limit = TEXT_LIMIT): Promise<string> {
    return (await this.bytes(limit)).toString("utf8");
  }

  /** The whole body. Throws as `text` does. */
  bytes(limit = TEXT_LIMIT): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      this.flowInto({
        data: (chunk) => {
          size += chunk.length;
          if (size > limit) {
            this.abort();
            reject(
              new ApiError(502, `The answer is larger than ${limit} bytes.`, { reason: "answer_too_large" }),
            );
          } else chunks.push(chunk);
        },
        end: () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)),
        error: reject,
      });
    });
  }

  /** For the handler of `send`. */
  receive(chunk: Buffer): void {
    if (!this.#paused) {
      this.#sink?.data(chunk);
      return;
    }
    this.#held.push(chunk);
    this.#heldSize += chunk.length;
    if (this.#heldSize >= MOST_HELD) this.#controller.pause();
  }

  /** For the handler of `send`. */
  finish(): void {
    this.#ended = true;
    if (!this.#paused) this.#sink?.end();
  }

  /** For the handler of `send`. */
  fail(error: ApiError): void {
    this.#error = error;
    this.#held = [];
    this.#sink?.error(error);
  }
}
