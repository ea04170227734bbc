import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { endOf } from "../aicore/transport.ts";
import { dialectOf } from "../dialects/index.ts";
import type { Dialect } from "../dialects/types.ts";
import { ApiError, asAicoreError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { canonicalPath } from "./paths.ts";

/** One request and its answer on the raw Node objects: the hot routes answer there, without a web Response between. */
export interface Exchange {
  /** `req_` and hex; in every answer's `x-request-id`. */
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly dialect: Dialect;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** Fires when the client is gone before its answer was complete, or when `abort` is called. */
  readonly signal: AbortSignal;
  /** Ends the upstream call; the client is told `error` in its dialect. */
  abort(error: ApiError): void;
}

/** Begins an exchange: gives it its id, and notices when the client leaves. */
export function openExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  const path = canonicalPath(request.url ?? "/");
  const id = `req_${randomBytes(12).toString("hex")}`;
  response.setHeader("x-request-id", id);
  response.setHeader("request-id", id);
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  return {
    id,
    request,
    response,
    path,
    dialect: dialectOf(path, request.headers["anthropic-version"] !== undefined),
    arrivedAt: Date.now(),
    signal: gone.signal,
    abort: (error) => gone.abort(error),
  };
}

/**
 * What the promise gives, unless the exchange ends first: a stop of the server must not wait for what nobody can
 * cancel, such as a token that others are waiting for too.
 * @throws ApiError as `endOf` tells it.
 */
export function whileOpen<T>({ signal }: Exchange, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(endOf(signal));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });
}

/** Answers with a JSON document. */
export function sendJson(exchange: Exchange, status: number, document: unknown): void {
  const body = Buffer.from(JSON.stringify(document));
  exchange.response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  exchange.response.end(exchange.request.method === "HEAD" ? undefined : body);
}

/**
 * Answers with an error in the words of the route's dialect. The status and `retry-after` of the upstream stay;
 * `x-should-retry: false` stops the official SDKs and Claude Code, which would repeat even a 401 for minutes
 * (clients.md 1.8), where a repetition cannot help.
 */
export function sendError(exchange: Exchange, thrown: unknown, log: Logger): void {
  const error = asApiError(thrown);
  const { response, request } = exchange;
  if (error.status >= 500)
    log.warn(error.message, { request: exchange.id, status: error.status, code: error.code });
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  response.setHeader("x-aicore-error-origin", error.origin);
  if (error.retryAfter !== undefined) response.setHeader("retry-after", String(Math.ceil(error.retryAfter)));
  if (isPermanent(error)) response.setHeader("x-should-retry", "false");
  if (error.upstreamRequestId) response.setHeader("x-aicore-upstream-request-id", error.upstreamRequestId);
  if (!request.complete) closeAfterAnswer(exchange);
  sendJson(exchange, exchange.dialect.statusOf(error), exchange.dialect.errorBody(error, exchange.id));
}

/** Any thrown value as an ApiError: what is not one is a fault of ours, told without its text (it may hold anything). */
function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const error = asAicoreError(thrown);
  return new ApiError(500, "Internal error in aicore.", { reason: "internal_error", cause: error });
}

function isPermanent({ status }: ApiError): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429;
}

const DRAIN_LIMIT = 64 * 1024 * 1024;
const DRAIN_TIME = 5_000;

/**
 * The answer goes out while the client is still sending: read on for a while, so that the client gets to see the
 * answer and not a reset connection (security B6).
 */
function closeAfterAnswer({ request, response }: Exchange): void {
  response.setHeader("connection", "close");
  let size = 0;
  const timer = setTimeout(() => request.destroy(), DRAIN_TIME);
  timer.unref();
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > DRAIN_LIMIT) request.destroy();
  });
  request.once("close", () => clearTimeout(timer));
  request.resume();
}
