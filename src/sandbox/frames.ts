/** One stream event as bytes: the SSE text that SAP makes of it, or Bedrock's own binary framing. */
import { crc32 } from "node:zlib";
import type { JsonObject } from "../hub/json.ts";

/**
 * Ways to write the same event that SSE allows and SAP does not use today: a reader must take them all.
 * `crlf` line ends, a byte-order mark first (`bom`), one event over several `data:` lines (`multiline`),
 * `comments` between events, and `event:` lines (`named`).
 */
export type SseQuirk = "crlf" | "bom" | "multiline" | "comments" | "named";

/** SAP's framing: one bare `data:` line an event, nothing else (protocol 4a.7, five sources). */
export function sseFrame(event: JsonObject, quirks: readonly SseQuirk[] = [], first = false): Buffer {
  const end = quirks.includes("crlf") ? "\r\n" : "\n";
  const payload = quirks.includes("multiline") ? JSON.stringify(event, null, 1) : JSON.stringify(event);
  const lines = payload.split("\n").map((line) => `data: ${line}`);
  if (quirks.includes("named")) lines.unshift(`event: ${event.type}`);
  if (quirks.includes("comments")) lines.unshift(": keep-alive", "");
  const mark = first && quirks.includes("bom") ? "\ufeff" : "";
  return Buffer.from(`${mark}${lines.join(end)}${end}${end}`);
}

/** AWS event stream: an `invoke` event travels as `{"bytes":"<base64>"}`, an exception as its own JSON. */
export function binaryFrame(event: JsonObject): Buffer {
  const exception = Object.keys(event).find((key) => key.endsWith("Exception"));
  if (exception !== undefined) {
    const headers = {
      ":exception-type": exception,
      ":content-type": "application/json",
      ":message-type": "exception",
    };
    return binaryMessage(headers, JSON.stringify(event[exception]));
  }
  const bytes = Buffer.from(JSON.stringify(event)).toString("base64");
  const headers = { ":event-type": "chunk", ":content-type": "application/json", ":message-type": "event" };
  return binaryMessage(headers, JSON.stringify({ bytes }));
}

/** Type tag of a string header in the AWS event stream encoding. */
const STRING_HEADER = 7;
const PRELUDE = 12;

/**
 * `[total length][headers length][CRC of those 8 bytes][headers][payload][CRC of all before]`, numbers in
 * 32 bits big-endian (AWS, "Event stream encoding").
 */
function binaryMessage(headers: Record<string, string>, payload: string): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => binaryHeader(name, value)));
  const body = Buffer.from(payload);
  const total = PRELUDE + head.length + body.length + 4;
  const message = Buffer.alloc(total);
  message.writeUInt32BE(total, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, PRELUDE);
  body.copy(message, PRELUDE + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, total - 4)), total - 4);
  return message;
}

/** `[name length: 8 bits][name][type: 8 bits][value length: 16 bits][value]`. */
function binaryHeader(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([
    Buffer.from([Buffer.byteLength(name)]),
    Buffer.from(name),
    Buffer.from([STRING_HEADER]),
    length,
    Buffer.from(value),
  ]);
}
