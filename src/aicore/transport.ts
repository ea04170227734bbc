import { ApiError } from "../errors.ts";
import { type Answer, AnswerBody } from "./answer.ts";
import type { Network } from "./network.ts";
import { describeTransportError } from "./transport-errors.ts";

/** One HTTP call. Redirects are never followed: a token must not travel to a host that we did not choose. */
export interface OutgoingCall {
  url: string;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  headers: Record<string, string>;
  body?: Buffer | string | undefined;
  signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the head of the answer. */
  headersTimeout?: number | undefined;
  /** Milliseconds of silence allowed inside the body. */
  bodyTimeout?: number | undefined;
}

const DEFAULT_TIMEOUT = 600_000;

/**
 * Sends a call and resolves with the head of the answer, its body still paused.
 * @throws ApiError with origin "aicore": 502 when no answer came, 504 on a timeout, and when `signal` fires
 * its reason if that is an ApiError, else 499.
 */
export function send(network: Network, call: OutgoingCall): Promise<Answer> {
  const url = new URL(call.url);
  return new Promise((resolve, reject) => {
    const { signal } = call;
    if (signal?.aborted) return reject(cancelled(signal));
    let body: AnswerBody | undefined;
    let stop: (() => void) | undefined;
    network.dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: call.method,
        headers: call.headers,
        body: call.body ?? null,
        headersTimeout: call.headersTimeout ?? DEFAULT_TIMEOUT,
        bodyTimeout: call.bodyTimeout ?? DEFAULT_TIMEOUT,
      },
      {
        onRequestStart(controller) {
          if (!signal) return;
          stop = () => controller.abort(cancelled(signal));
          if (signal.aborted) stop();
          else signal.addEventListener("abort", stop, { once: true });
        },
        onResponseStart(controller, status, headers) {
          if (status < 200) return;
          body = new AnswerBody(controller);
          resolve({ status, headers, body });
        },
        onResponseData(_controller, chunk) {
          body?.receive(chunk);
        },
        onResponseEnd() {
          if (stop) signal?.removeEventListener("abort", stop);
          body?.finish();
        },
        onResponseError(_controller, error) {
          if (stop) signal?.removeEventListener("abort", stop);
          const told =
            error instanceof ApiError ? error : describeTransportError(error, url, network.proxyFor(url));
          if (body) body.fail(told);
          else reject(told);
        },
      },
    );
  });
}

/** The reason that the signal gives; without one the client left: 499, nginx's code for it, logged and never sent. */
function cancelled(signal: AbortSignal): ApiError {
  if (signal.reason instanceof ApiError) return signal.reason;
  return new ApiError(499, "The client left before the answer was complete.", { reason: "client_cancelled" });
}
