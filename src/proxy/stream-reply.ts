import type { ServerResponse } from "node:http";
import type { ApiError } from "../errors.ts";

/** What a stream says on its own account, in the client's dialect. */
export interface StreamWords {
  ping: Buffer;
  errorFrame(error: ApiError): Buffer;
}

export interface StreamReplyOptions {
  words: StreamWords;
  /** Milliseconds of silence after which a ping goes out. */
  pingEvery: number;
  /** Milliseconds that a client may leave its answer unread. */
  writeIdle: number;
  /** Milliseconds after which an answer begins although the upstream has not said anything; 0 = never. */
  commitAfter: number;
  /** Called when the client must be given up. */
  onStuck(): void;
}

/**
 * The client's side of a streamed answer. The head goes out with the first bytes, so that an upstream that fails
 * with its first event still gets a real status; a client that hears nothing for `commitAfter` gets the head and
 * a ping, and from then on errors are in-band. Pings fill every silence (clients give up after 300 s, clients.md 1.9).
 */
export class StreamReply {
  readonly #response: ServerResponse;
  readonly #options: StreamReplyOptions;
  #lastWrite = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #stuck: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, options: StreamReplyOptions) {
    this.#response = response;
    this.#options = options;
    if (options.commitAfter > 0) {
      this.#timer = setTimeout(() => this.write(options.words.ping), options.commitAfter);
    }
    response.once("close", () => this.#stop());
  }

  /** Bytes so far. */
  written = 0;

  get committed(): boolean {
    return this.#response.headersSent;
  }

  /** Writes bytes of the answer; false asks the caller to wait for `onceDrained`. */
  write(bytes: Buffer): boolean {
    if (bytes.length === 0 || this.#response.writableEnded || this.#response.destroyed) return true;
    if (!this.committed) this.#commit();
    this.#lastWrite = Date.now();
    this.written += bytes.length;
    return this.#response.write(bytes);
  }

  onceDrained(callback: () => void): void {
    this.#giveUpUnread();
    this.#response.once("drain", () => {
      clearTimeout(this.#stuck);
      callback();
    });
  }

  /** Ends a committed answer with an in-dialect error, never as if it were complete. */
  fail(error: ApiError): void {
    this.write(this.#options.words.errorFrame(error));
    this.end();
  }

  end(): void {
    this.#stop();
    this.#response.end();
    if (!this.#response.writableFinished) this.#giveUpUnread();
  }

  /** Nothing was said and nothing will be: an ordinary error answer goes out instead. */
  release(): void {
    this.#stop();
  }

  #commit(): void {
    clearTimeout(this.#timer);
    this.#response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-accel-buffering": "no",
    });
    this.#response.socket?.setNoDelay(true);
    this.#schedulePing(this.#options.pingEvery);
  }

  #schedulePing(delay: number): void {
    this.#timer = setTimeout(() => {
      const silence = Date.now() - this.#lastWrite;
      const due = silence >= this.#options.pingEvery;
      if (due && !this.#response.writableNeedDrain) this.write(this.#options.words.ping);
      this.#schedulePing(due ? this.#options.pingEvery : this.#options.pingEvery - silence);
    }, delay);
  }

  #giveUpUnread(): void {
    clearTimeout(this.#stuck);
    this.#stuck = setTimeout(this.#options.onStuck, this.#options.writeIdle);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#stuck);
  }
}
