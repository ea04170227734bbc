import type { ServerResponse } from "node:http";
import type { Writable } from "node:stream";
import type { ApiError } from "../errors.ts";
import { chunkOf, lastChunkOf, takeFraming } from "./chunked.ts";

/** What a stream says on its own account, in the client's dialect. */
export interface StreamWords {
  ping: Buffer;
  errorFrame(error: ApiError): Buffer;
}

export interface StreamReplyOptions {
  /** Headers beside those of a stream; read when the head goes out. */
  head: Readonly<Record<string, string | number>>;
  words: StreamWords;
  /** Milliseconds of silence after which a ping goes out. */
  pingEvery: number;
  /** Milliseconds that a client may leave its answer unread. */
  writeIdle: number;
  /** Milliseconds after which an answer begins although the upstream has not said anything; 0 = never. */
  commitAfter: number;
  /** Whether somebody listens at `write` of the response, and is to hear what is said and not how it is framed. */
  tapped: boolean;
  /** Called when the client must be given up. */
  onStuck(): void;
}

const STREAM_HEAD = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
};

/**
 * The client's side of a streamed answer. The head goes out with the first bytes, so that an upstream that fails
 * with its first event still gets a real status; a client that hears nothing for `commitAfter` gets the head and
 * a ping, and from then on errors are in-band. Pings fill every silence (clients give up after 300 s, clients.md 1.9).
 */
export class StreamReply {
  readonly #response: ServerResponse;
  readonly #options: StreamReplyOptions;
  #lastWrite = Date.now();
  readonly #commitAt: number;
  /** Since when bytes lie unread. */
  #unreadSince: number | undefined;
  /** One for all that may fall due; streams come by the thousand. */
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;
  /** See chunked.ts. */
  #framesChunks = false;
  /**
   * What was written to last. Behind the head, frames of our own go to the socket itself, which is the response's until it
   * has ended: Node's response would hold each back to the end of the turn, for a quarter of what a write costs.
   */
  #sink: Writable;

  constructor(response: ServerResponse, options: StreamReplyOptions) {
    const { commitAfter, pingEvery } = options;
    this.#response = response;
    this.#sink = response;
    this.#options = options;
    this.#commitAt = commitAfter > 0 ? this.#lastWrite + commitAfter : Number.POSITIVE_INFINITY;
    this.#wakeIn(commitAfter > 0 ? Math.min(commitAfter, pingEvery) : pingEvery);
    response.once("close", () => this.#stop());
  }

  /** Bytes so far. */
  written = 0;

  get committed(): boolean {
    return this.#response.headersSent;
  }

  /** Writes bytes of the answer; false asks the caller to wait for `onceDrained`. */
  write(bytes: Buffer): boolean {
    if (bytes.length === 0 || this.#isOver) return true;
    const begins = !this.committed;
    this.#account(bytes);
    this.#sink = (!begins && this.#framesChunks && this.#response.socket) || this.#response;
    return this.#sink.write(this.#framesChunks ? chunkOf(bytes) : bytes);
  }

  onceDrained(callback: () => void): void {
    this.#giveUpUnread();
    this.#sink.once("drain", () => {
      this.#unreadSince = undefined;
      callback();
    });
  }

  /** Ends a committed answer with an in-dialect error, never as if it were complete. */
  fail(error: ApiError): void {
    this.end(this.#options.words.errorFrame(error));
  }

  /** Writes the last bytes, and the end behind them. */
  end(bytes: Buffer): void {
    if (this.#isOver) return;
    this.#account(bytes);
    this.#response.end(this.#framesChunks ? lastChunkOf(bytes) : bytes);
    if (this.#response.writableFinished) this.#stop();
    else this.#giveUpUnread();
  }

  /** Nothing was said and nothing will be: an ordinary error answer goes out instead. */
  release(): void {
    this.#stop();
  }

  get #isOver(): boolean {
    return this.#response.writableEnded || this.#response.destroyed;
  }

  #account(bytes: Buffer): void {
    if (!this.committed) this.#commit();
    this.#lastWrite = Date.now();
    this.written += bytes.length;
  }

  #commit(): void {
    this.#response.writeHead(200, Object.assign({}, this.#options.head, STREAM_HEAD));
    this.#response.socket?.setNoDelay(true);
    this.#framesChunks = !this.#options.tapped && takeFraming(this.#response);
  }

  #giveUpUnread(): void {
    this.#unreadSince = Date.now();
    this.#wakeIn(this.#options.writeIdle);
  }

  /** Sees to it that `#look` comes in so many milliseconds, or earlier: it looks what is due, and comes back. */
  #wakeIn(delay: number): void {
    const at = Date.now() + delay;
    if (this.#wakesAt <= at) return;
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(() => this.#look(), delay);
  }

  #look(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const { words, pingEvery, writeIdle, onStuck } = this.#options;
    const now = Date.now();
    const unreadUntil = (this.#unreadSince ?? Number.POSITIVE_INFINITY) + writeIdle;
    if (now >= unreadUntil) {
      onStuck();
      return;
    }
    const due = this.committed ? this.#lastWrite + pingEvery : this.#commitAt;
    if (now >= due && !this.#sink.writableNeedDrain) this.write(words.ping);
    this.#wakeIn(Math.min(unreadUntil - now, due > now ? due - now : pingEvery, pingEvery));
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#wakesAt = Number.NEGATIVE_INFINITY;
  }
}
