import { once } from "node:events";
import type { Server } from "node:http";
import { ApiError } from "../errors.ts";
import type { Exchange } from "./exchange.ts";

const MOST_IN_FLIGHT = 1_000;
/** After the drain, for the last in-band words to leave. */
const LAST_WORDS = 1_000;

/** The exchanges that are open, so that there are not too many of them and that a stop can end them all. */
export class Exchanges {
  /**
   * Each in a place of its own, which the next one gets. A Set in which things come and go makes a new table every few
   * requests, and each old table holds the one that took its place: once V8 has marked its whole heap, and a table with it,
   * all requests lived on until the next time and were copied twice, for an eighth of their CPU (Node 20 to 24, 2026-11).
   */
  readonly #places: (Exchange | undefined)[] = [];
  readonly #free: number[] = [];
  /** Called whenever the last one has ended. */
  readonly #waiting = new Set<() => void>();
  #closing = false;

  /**
   * While a stop lets streams finish, `isProbe` says that the program still runs; everything else is refused.
   * @throws ApiError 529 when the proxy is too busy or about to stop: clients try again elsewhere or later.
   */
  enter(exchange: Exchange, isProbe: boolean): void {
    if (this.#closing) exchange.head.connection = "close";
    if (this.#closing && !isProbe) {
      // Who asks for readiness reads the status alone, and may not know 529.
      const status = exchange.path === "/ready" ? 503 : 529;
      throw new ApiError(status, "aicore is shutting down.", { retryAfter: 1 });
    }
    if (this.#count >= MOST_IN_FLIGHT) {
      throw new ApiError(529, `Too many requests in flight (${MOST_IN_FLIGHT}).`, { retryAfter: 1 });
    }
    const place = this.#free.pop() ?? this.#places.length;
    this.#places[place] = exchange;
    exchange.whenOver(() => {
      this.#places[place] = undefined;
      this.#free.push(place);
      if (this.#count === 0) for (const wake of this.#waiting) wake();
    });
  }

  /** Ends the server: see `Proxy.close`. */
  async close(server: Server, drain: number): Promise<void> {
    this.#closing = true;
    // The port stays open meanwhile, so that probes and new requests get an answer and no refused connection.
    await this.#settle(drain);
    const closed = server.listening ? once(server, "close") : Promise.resolve();
    if (server.listening) server.close();
    const stopping = new ApiError(529, "aicore is shutting down.", { type: "overloaded_error" });
    for (const exchange of this.#places) exchange?.abort(stopping);
    await this.#settle(LAST_WORDS);
    server.closeAllConnections();
    await closed;
  }

  /** Of those that are open. */
  get #count(): number {
    return this.#places.length - this.#free.length;
  }

  /** Resolves when nothing is open any more, at the latest after `limit` milliseconds. */
  #settle(limit: number): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, limit);
      this.#waiting.add(wake);
    });
  }
}
