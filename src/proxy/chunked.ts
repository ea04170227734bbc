/**
 * An answer without a length goes out in chunks (RFC 9112, 7.1). Node sends each as four buffers, gathered at the end of
 * the turn; one that is framed here goes out as it is, for a fifth less CPU a write (Node 20, 2026-11).
 */
import type { ServerResponse } from "node:http";

const LAST_CHUNK = Buffer.from("0\r\n\r\n");
const RETURN = 0x0d;
const NEWLINE = 0x0a;

/**
 * Takes the framing over from Node. Called once the head is written, for that decides whether there are chunks at all.
 * @returns false where the answer goes out in another way; then its bytes are to be written as they are
 */
export function takeFraming(response: ServerResponse): boolean {
  const { chunkedEncoding } = response;
  response.chunkedEncoding = false;
  return chunkedEncoding;
}

/** @param bytes not empty: that would be the end */
export function chunkOf(bytes: Buffer): Buffer {
  return framed(bytes, 0);
}

/** The last bytes of an answer, if there are any, and its end. */
export function lastChunkOf(bytes: Buffer): Buffer {
  if (bytes.length === 0) return LAST_CHUNK;
  const chunk = framed(bytes, LAST_CHUNK.length);
  chunk.set(LAST_CHUNK, chunk.length - LAST_CHUNK.length);
  return chunk;
}

/** @param room that stays behind it */
function framed(bytes: Buffer, room: number): Buffer {
  const size = bytes.length.toString(16);
  const start = size.length + 2;
  const end = start + bytes.length;
  const chunk = Buffer.allocUnsafe(end + 2 + room);
  for (let at = 0; at < size.length; at++) chunk[at] = size.charCodeAt(at);
  chunk[start - 2] = RETURN;
  chunk[start - 1] = NEWLINE;
  chunk.set(bytes, start);
  chunk[end] = RETURN;
  chunk[end + 1] = NEWLINE;
  return chunk;
}
