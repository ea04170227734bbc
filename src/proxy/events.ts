/** `GET /admin/events`: what happens, as it happens, as server-sent events. */
import type { ServerResponse } from "node:http";
import type { RequestRow } from "../database/schema.ts";
import { ApiError } from "../errors.ts";
import type { ApiKey } from "../keys/api-key.ts";
import { frameOf } from "../stream/frames.ts";
import { requestDocument } from "./admin/documents.ts";
import { type Exchange, writeHead } from "./exchange.ts";
import type { Stats } from "./stats.ts";

const MOST_READERS = 50;
/** Milliseconds between two `stats` events; they also keep proxies from closing a silent connection. */
const STATS_EVERY = 2_000;
/** Bytes that may wait for a reader beyond what its socket takes; some minutes of silence. */
const MOST_UNREAD = 256 * 1024;

const HEAD = {
  "content-type": "text/event-stream; charset=utf-8",
  "x-accel-buffering": "no",
};

/**
 * Those who watch. A `request` event is one request to a model that is over, a `stats` event the document of `/stats`,
 * at once and every two seconds. While nobody watches it costs nothing; whoever does not read is given up.
 */
export class Events {
  readonly #readers = new Map<ServerResponse, ApiKey>();
  readonly #stats: () => Stats;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(stats: () => Stats) {
    this.#stats = stats;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /**
   * Tells a client what happens until it leaves.
   * @throws ApiError 529 when too many watch already, or the server is about to stop.
   */
  async open(exchange: Exchange): Promise<void> {
    const { request, response, key } = exchange;
    if (this.#isClosed) throw new ApiError(529, "aicore is shutting down.", { retryAfter: 1 });
    if (this.#readers.size >= MOST_READERS) {
      throw new ApiError(529, `Too many readers of events (${MOST_READERS}).`, { retryAfter: 5 });
    }
    writeHead(exchange, 200, HEAD);
    if (request.method === "HEAD" || response.destroyed) {
      response.end();
      return;
    }
    response.socket?.setNoDelay(true);
    const gone = new Promise<void>((resolve) => response.once("close", resolve));
    this.#readers.set(response, key);
    this.#timer ??= setInterval(() => this.#tick(), STATS_EVERY);
    response.write(frameOf("stats", JSON.stringify(this.#stats())));
    await gone;
    this.#readers.delete(response);
    if (this.#readers.size === 0) this.#stop();
  }

  /** A request is over; its row is only asked for when somebody watches. */
  finished(row: () => RequestRow | undefined): void {
    if (this.#readers.size === 0) return;
    const told = row();
    if (told) this.#tell("request", requestDocument(told));
  }

  /** Ends the readers whose key is no longer accepted. */
  keep(isAccepted: (key: ApiKey) => boolean): void {
    for (const [response, key] of this.#readers) if (!isAccepted(key)) response.end();
  }

  /** Ends all readers, who would hold up a stop, and takes no more. */
  close(): void {
    this.#isClosed = true;
    for (const response of this.#readers.keys()) {
      if (response.writableNeedDrain) response.destroy();
      else response.end();
    }
    this.#stop();
  }

  #tick(): void {
    const now = Date.now();
    this.keep(({ expiresAt }) => expiresAt === undefined || expiresAt > now);
    this.#tell("stats", this.#stats());
  }

  #tell(event: string, document: object): void {
    const frame = frameOf(event, JSON.stringify(document));
    for (const response of this.#readers.keys()) {
      if (response.writableLength > MOST_UNREAD) response.destroy();
      else if (!response.writableEnded) response.write(frame);
    }
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
