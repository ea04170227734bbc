import { subscribe } from "node:diagnostics_channel";
import { ApiError } from "../errors.ts";

/**
 * A kept-alive socket was reset before the answer began: the host had given it up while it was idle, which shows
 * only when it is written to. The call may be repeated once on a fresh one (DESIGN 8; RFC 9112, 9.3.1 names the race).
 */
export class StaleSocketError extends ApiError {
  constructor(cause: ApiError) {
    super(cause.status, cause.message, { reason: "connection_reset", cause });
  }
}

/** One call on its way out. */
export interface Departure {
  /** Whether its socket has carried a call before; false until the call has a socket. */
  reused: boolean;
}

const carried = new WeakSet<object>();
let departing: Departure | undefined;

/** Announces the call that undici writes next: its `onRequestStart` and the channel below run in one turn. */
export function departs(departure: Departure): void {
  departing = departure;
}

/** undici 7 tells which socket a request goes out on nowhere else. */
subscribe("undici:client:sendHeaders", (message) => {
  const { socket } = message as { socket: object };
  if (departing) departing.reused = carried.has(socket);
  departing = undefined;
  carried.add(socket);
});
