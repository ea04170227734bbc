import { randomFillSync } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Stop, type StopSignal } from "../aicore/stop-signal.ts";
import { endOf } from "../aicore/transport.ts";
import { dialectOf } from "../dialects/index.ts";
import type { Dialect } from "../dialects/types.ts";
import { ApiError, asAicoreError } from "../errors.ts";
import { NO_KEY } from "../keys/accepted.ts";
import type { ApiKey } from "../keys/api-key.ts";
import type { Logger } from "../log.ts";
import { canonicalPath } from "./paths.ts";

/** One request and its answer on the raw Node objects: the hot routes answer there, without a web Response between. */
export interface Exchange {
  /** See `newRequestId`; in every answer's `x-request-id`. */
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly dialect: Dialect;
  /** Whose it is; `NO_KEY` until the guard has looked, and where no key is needed. */
  key: ApiKey;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** Fires when the client is gone before its answer was complete, or when `abort` is called. */
  readonly signal: StopSignal;
  /** Headers of the answer beside those of its content; see `writeHead`. */
  readonly head: Record<string, string | number>;
  /** Whether somebody listens at `write` and `end` of the response: see `tapContent`. */
  tapped: boolean;
  /** Ends the upstream call; the client is told `error` in its dialect. */
  abort(error: ApiError): void;
  /** Calls back when the answer is over, whole or not: now, where it is already. */
  whenOver(callback: () => void): void;
}

const ID_BYTES = 12;
/** Of them, milliseconds since 1970. */
const TIME_BYTES = 6;
/** Random bytes for the next ids: one call for many costs a tenth of one for each. */
const randomness = Buffer.alloc(256 * ID_BYTES);
let used = randomness.length;

/**
 * `req_` and 24 digits of hex: the milliseconds, and 48 bits at random. Ids that grow with time lie side by side in the
 * index of the database, where each at random is a page to be read and written (half of the time of a row; 2026-11).
 */
export function newRequestId(): string {
  if (used === randomness.length) {
    randomFillSync(randomness);
    used = 0;
  }
  const start = used;
  used += ID_BYTES;
  randomness.writeUIntBE(Date.now(), start, TIME_BYTES);
  return `req_${randomness.toString("hex", start, used)}`;
}

/** Begins an exchange: gives it its id, and notices when the client leaves. */
export function openExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  return new OpenExchange(request, response);
}

class OpenExchange implements Exchange {
  readonly id = newRequestId();
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly dialect: Dialect;
  key: ApiKey = NO_KEY;
  readonly arrivedAt = Date.now();
  readonly signal = new Stop();
  readonly head: Exchange["head"];
  tapped = false;
  /** One listener of the response tells them all. */
  readonly #overs: (() => void)[] = [];

  constructor(request: IncomingMessage, response: ServerResponse) {
    const target = request.url ?? "/";
    this.request = request;
    this.response = response;
    this.path = canonicalPath(target);
    this.dialect = dialectOf(target, this.path, request.headers["anthropic-version"] !== undefined);
    this.head = {
      "x-request-id": this.id,
      "request-id": this.id,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    };
    response.once("close", () => {
      if (!response.writableFinished) this.signal.abort();
      for (const over of this.#overs) over();
    });
    // Whoever left before anybody looked, as while the server was loading, gives no sign of it any more.
    if (response.destroyed) process.nextTick(() => response.emit("close"));
    // Behind an earlier answer of the same connection Node tells a response nothing of that connection's end.
    else if (!response.socket) closeWith(request, response);
  }

  abort(error: ApiError): void {
    this.signal.abort(error);
  }

  whenOver(callback: () => void): void {
    if (this.response.closed) callback();
    else this.#overs.push(callback);
  }
}

/** All that waits for a response's end waits for its "close". */
function closeWith({ socket }: IncomingMessage, response: ServerResponse): void {
  const close = () => {
    response.destroy();
    response.emit("close");
  };
  socket.once("close", close);
  response.once("close", () => socket.off("close", close));
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
    else signal.addEventListener("abort", end);
    // Who listens holds what was promised, and a stream is not to hold its request.
    promise.then(
      (value) => {
        signal.removeEventListener("abort", end);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener("abort", end);
        reject(error);
      },
    );
  });
}

/** The head of an answer in one piece: each `setHeader` on the response would cost as much as all of it. */
export function writeHead({ response, head }: Exchange, status: number, headers: Exchange["head"]): void {
  response.writeHead(status, Object.assign(head, headers));
}

/** Answers with a JSON document. */
export function sendJson(exchange: Exchange, status: number, document: unknown): void {
  const { request, response, head } = exchange;
  const body = Buffer.from(JSON.stringify(document));
  const unread = !request.complete && hasBody(request);
  if (unread) head.connection = "close";
  writeHead(exchange, status, { "content-type": "application/json", "content-length": body.length });
  if (request.method !== "HEAD") response.write(body);
  if (unread) endAfterRequest(exchange);
  else response.end();
}

/**
 * Answers with an error in the words of the route's dialect. The status and `retry-after` of the upstream stay;
 * `x-should-retry: false` stops the official SDKs and Claude Code, which would repeat even a 401 for minutes
 * (clients.md 1.8), where a repetition cannot help; `true` leaves to them what we must not repeat (security F4).
 */
export function sendError(exchange: Exchange, thrown: unknown, log: Logger): void {
  const error = asApiError(thrown);
  const { response, head } = exchange;
  if (error.status >= 500) logFailure(exchange, error, log);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  head["x-aicore-error-origin"] = error.origin;
  // Whose connection stays open keeps the very handle that its next try would need.
  if (error.reason === "out_of_files") head.connection = "close";
  if (error.retryAfter !== undefined) head["retry-after"] = String(Math.ceil(error.retryAfter));
  if (isPermanent(error)) head["x-should-retry"] = "false";
  else if (error.reason === "connection_reset") head["x-should-retry"] = "true";
  const upstreamId = upstreamRequestId(error);
  if (upstreamId) head["x-aicore-upstream-request-id"] = upstreamId;
  sendJson(exchange, exchange.dialect.statusOf(error), exchange.dialect.errorBody(error, exchange.id));
}

/** Tells the log of a failure. An upstream's own words are for the client alone: they may repeat its prompt (T25). */
export function logFailure({ id }: Exchange, error: ApiError, log: Logger): void {
  const message = error.origin === "upstream" ? `the upstream failed (${error.type})` : error.message;
  log.warn(message, {
    request: id,
    status: error.status,
    code: error.code,
    upstream_request: upstreamRequestId(error),
  });
}

/** Only what looks like an id: a header cannot hold every text, and neither header nor log should. */
function upstreamRequestId({ upstreamRequestId: id = "" }: ApiError): string | undefined {
  return /^[\w.:=+/-]{1,100}$/.test(id) ? id : undefined;
}

/** Any thrown value as an ApiError: what is not one is a fault of ours, told without its text (it may hold anything). */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const error = asAicoreError(thrown);
  return new ApiError(500, "Internal error in aicore.", { reason: "internal_error", cause: error });
}

/** A used-up quota is as good as permanent: it opens in hours, if ever. */
function isPermanent({ status, reason }: ApiError): boolean {
  if (reason === "insufficient_quota") return true;
  return status >= 400 && status < 500 && status !== 408 && status !== 409 && status !== 429;
}

const DRAIN_LIMIT = 64 * 1024 * 1024;
const DRAIN_TIME = 5_000;

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/**
 * The whole answer is out while the client is still sending. Were it ended now, Node would close the connection,
 * and a client that writes before it reads would see a reset and no answer (security B6); so the rest is read first.
 */
function endAfterRequest({ request, response }: Exchange): void {
  let size = 0;
  const timer = setTimeout(() => request.destroy(), DRAIN_TIME);
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > DRAIN_LIMIT) request.destroy();
  });
  request.once("close", () => {
    clearTimeout(timer);
    response.end();
  });
  request.resume();
}
