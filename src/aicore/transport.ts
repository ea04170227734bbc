import type { Dispatcher } from "undici";
import { ApiError } from "../errors.ts";
import { type Answer, AnswerBody } from "./answer.ts";
import type { Network } from "./network.ts";
import { type Departure, departs, StaleSocketError } from "./reused-sockets.ts";
import type { StopSignal } from "./stop-signal.ts";
import { describeTransportError, tellsOfBrokenConnection } from "./transport-errors.ts";

/** One HTTP call. Redirects are never followed: a token must not travel to a host that we did not choose. */
export interface OutgoingCall {
  /** Parsed for those who call the same host again and again. */
  url: string | URL;
  /** Path and query, in place of the URL's own. */
  path?: string | undefined;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  headers: Record<string, string>;
  body?: Buffer | string | undefined;
  signal?: StopSignal | undefined;
  /** Milliseconds to wait for the head of the answer. */
  headersTimeout?: number | undefined;
  /** Milliseconds of silence allowed inside the body. */
  bodyTimeout?: number | undefined;
}

const DEFAULT_TIMEOUT = 600_000;

/**
 * Sends a call and resolves with the head of the answer, its body still paused.
 * @throws ApiError with origin "aicore": 502 when no answer came (StaleSocketError when a kept-alive socket broke
 * before it), 504 on a timeout, and `endOf(signal)` as soon as the signal fires.
 */
export function send(network: Network, call: OutgoingCall): Promise<Answer> {
  const url = typeof call.url === "string" ? new URL(call.url) : call.url;
  return new Promise((resolve, reject) => {
    const { signal } = call;
    if (signal?.aborted) return reject(endOf(signal));
    const departure: Departure = { reused: false };
    let request: Dispatcher.DispatchController | undefined;
    let body: AnswerBody | undefined;
    const stop = () => {
      const end = endOf(signal);
      request?.abort(end);
      reject(end);
    };
    const settled = () => signal?.removeEventListener("abort", stop);
    signal?.addEventListener("abort", stop);
    const pool = network.poolFor(url);
    pool.dispatch(
      {
        path: call.path ?? url.pathname + url.search,
        method: call.method,
        headers: call.headers,
        body: call.body ?? null,
        headersTimeout: call.headersTimeout ?? DEFAULT_TIMEOUT,
        bodyTimeout: call.bodyTimeout ?? DEFAULT_TIMEOUT,
      },
      {
        onRequestStart(controller) {
          request = controller;
          if (signal?.aborted) controller.abort(endOf(signal));
          else departs(departure);
        },
        onResponseStart(controller, status, headers) {
          if (status < 200) return;
          // Each is a piece of what the socket brought, which nobody else holds; a stream may last an hour.
          controller.rawHeaders = null;
          body = new AnswerBody(controller);
          resolve({ status, headers, body });
        },
        onResponseData(_controller, chunk) {
          body?.receive(chunk);
        },
        onResponseEnd() {
          settled();
          body?.finish();
        },
        onResponseError(_controller, error) {
          settled();
          if (departure.reused && tellsOfBrokenConnection(error)) network.renew(pool);
          const told =
            error instanceof ApiError ? error : describeTransportError(error, url, network.proxyFor(url));
          if (body) body.fail(told);
          else
            reject(
              departure.reused && told.reason === "connection_reset" ? new StaleSocketError(told) : told,
            );
        },
      },
    );
  });
}

/** The reason that the signal gives; without one the client left: 499, nginx's code for it, logged and never sent. */
export function endOf(signal: StopSignal | undefined): ApiError {
  if (signal?.reason instanceof ApiError) return signal.reason;
  return new ApiError(499, "The client left before the answer was complete.", { reason: "client_cancelled" });
}
