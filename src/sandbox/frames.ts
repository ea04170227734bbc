/** One stream event as bytes: the SSE text that SAP makes of it, or Bedrock's own binary framing. */
import { crc32 } from "node:zlib";
import type { JsonObject } from "../hub/json.ts";
import { repr } from "./python-repr.ts";

/**
 * Ways to write the same event that SSE allows and SAP does not use today: a reader must take them all.
 * `crlf` line ends, a byte-order mark first (`bom`), one event over several `data:` lines (`multiline`),
 * `comments` between events, and `event:` lines (`named`).
 */
export type SseQuirk = "crlf" | "bom" | "multiline" | "comments" | "named";

/** SAP's framing: one bare `data:` line an event, nothing else (protocol 4a.7, five sources). */
export function sseFrame(event: JsonObject, quirks: readonly SseQuirk[] = [], first = false): Buffer {
  const payload = quirks.includes("multiline") ? JSON.stringify(event, null, 1) : JSON.stringify(event);
  return textFrame(payload, nameOf(event), quirks, first);
}

/** The same for Converse, whose events SAP writes as Python would (protocol 4a.8, five sources); never over several lines. */
export function pythonFrame(event: JsonObject, quirks: readonly SseQuirk[] = [], first = false): Buffer {
  return textFrame(repr(event), nameOf(event), quirks, first);
}

/** Anthropic's events have a type; Converse's are named by their one member. */
function nameOf(event: JsonObject): string {
  return typeof event.type === "string" ? event.type : (Object.keys(event)[0] ?? "");
}

function textFrame(payload: string, name: string, quirks: readonly SseQuirk[], first: boolean): Buffer {
  const end = quirks.includes("crlf") ? "\r\n" : "\n";
  const lines = payload.split("\n").map((line) => `data: ${line}`);
  if (quirks.includes("named")) lines.unshift(`event: ${name}`);
  if (quirks.includes("comments")) lines.unshift(": keep-alive", "");
  const mark = first && quirks.includes("bom") ? "\ufeff" : "";
  return Buffer.from(`${mark}${lines.join(end)}${end}${end}`);
}

/**
 * AWS event stream: an `invoke` event travels as `{"bytes":"<base64>"}`, one of Converse as its own JSON under its
 * name, an exception likewise.
 */
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
  const isInvoke = typeof event.type === "string";
  const type = isInvoke ? "chunk" : nameOf(event);
  const headers = { ":event-type": type, ":content-type": "application/json", ":message-type": "event" };
  const bytes = Buffer.from(JSON.stringify(event)).toString("base64");
  return binaryMessage(headers, JSON.stringify(isInvoke ? { bytes } : event[type]));
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
