import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { openai } from "../dialects/openai/errors.ts";
import { ApiError } from "../errors.ts";
import { newRequestId } from "./exchange.ts";
import { admit, type GuardOptions } from "./guard/guard.ts";
import { canonicalPath } from "./paths.ts";

/**
 * Codex asks `/v1/responses` for a WebSocket first. 426 makes it fall back to HTTP at once; 404 costs six seconds
 * and 400 fails the turn (clients.md 2.2). Every other upgrade is closed without a word.
 */
export function answerUpgrade(request: IncomingMessage, socket: Duplex, guard: GuardOptions): void {
  socket.on("error", () => socket.destroy());
  try {
    admit(request, false, guard);
  } catch {
    socket.destroy();
    return;
  }
  if (canonicalPath(request.url ?? "/") !== "/v1/responses") socket.destroy();
  else
    writeRaw(
      socket,
      "426 Upgrade Required",
      new ApiError(426, "WebSockets are not supported here; use HTTP."),
    );
}

/** What Node could not read as HTTP, or did not get in time. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, message] = UNREADABLE[error.code ?? ""] ?? [
    "400 Bad Request",
    "The request is not valid HTTP.",
  ];
  const type = "invalid_request_error";
  writeRaw(socket, status, new ApiError(Number.parseInt(status, 10), message, { type }));
}

const UNREADABLE: Record<string, [status: string, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "The request did not arrive in time."],
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "The request's headers are too large."],
};

/** For the answer to be read, before the connection goes. */
const FAREWELL = 1_000;

function writeRaw(socket: Duplex, status: string, error: ApiError): void {
  const body = JSON.stringify(openai.errorBody(error, ""));
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\nx-request-id: ${newRequestId()}\r\n` +
      `x-aicore-error-origin: ${error.origin}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  // A client that goes on sending would keep its half of the connection open, and its place among the exchanges.
  setTimeout(() => socket.destroy(), FAREWELL).unref();
}
