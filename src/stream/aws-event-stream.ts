/**
 * Bedrock's own framing, which SAP passes through for those who ask for it (protocol 4a.7). A message is, numbers in
 * 32 bits big-endian: total length, length of the headers, CRC of those 8 bytes; headers; payload; CRC of all before.
 * Source: AWS, "Event stream encoding" (Smithy, `application/vnd.amazon.eventstream`, 2026-11).
 */
import { crc32 } from "node:zlib";
import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { FRAME_LIMIT } from "./frames.ts";

const PRELUDE = 12;
const CRC = 4;

export interface EventMessage {
  headers: Readonly<Record<string, string>>;
  payload: Buffer;
}

/** Cuts a byte stream into messages, wherever the chunks were cut. */
export class EventMessageSplitter {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes that must be there before anything can be read. */
  #wanted = PRELUDE;

  /**
   * Hands every message that `chunk` completes to `onMessage`.
   * @throws ApiError 502 when a checksum is wrong or a message outgrows FRAME_LIMIT.
   */
  push(chunk: Buffer, onMessage: (message: EventMessage) => void): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= this.#wanted) {
      const [only = chunk, ...more] = this.#chunks;
      const bytes = more.length === 0 ? only : Buffer.concat(this.#chunks, this.#size);
      this.#wanted = totalOf(bytes);
      const rest = bytes.subarray(Math.min(this.#wanted, bytes.length));
      const complete = bytes.length >= this.#wanted;
      this.#chunks = [complete ? rest : bytes];
      if (!complete) return;
      const message = messageOf(bytes.subarray(0, this.#wanted));
      this.#size = rest.length;
      this.#wanted = PRELUDE;
      onMessage(message);
    }
  }
}

function totalOf(bytes: Buffer): number {
  if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw broken("a damaged prelude");
  const total = bytes.readUInt32BE(0);
  if (total > FRAME_LIMIT) {
    throw new ApiError(502, `The upstream sent an event larger than ${FRAME_LIMIT} bytes.`, {
      reason: "event_too_large",
      origin: "upstream",
    });
  }
  if (total < PRELUDE + bytes.readUInt32BE(4) + CRC) throw broken("impossible lengths");
  return total;
}

function messageOf(bytes: Buffer): EventMessage {
  const end = bytes.length - CRC;
  if (crc32(bytes.subarray(0, end)) !== bytes.readUInt32BE(end)) throw broken("a wrong checksum");
  const payloadStart = PRELUDE + bytes.readUInt32BE(4);
  return {
    headers: headersOf(bytes.subarray(PRELUDE, payloadStart)),
    payload: bytes.subarray(payloadStart, end),
  };
}

/** Bytes of a header's value by its type, where they are always as many; text and bytes tell their length. */
const SIZES: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const TEXT = 7;

/** `[name length: 8 bits][name][type: 8 bits][value]`; of the values only texts matter here. */
function headersOf(bytes: Buffer): Record<string, string> {
  const headers: [string, string][] = [];
  try {
    for (let at = 0; at < bytes.length; ) {
      const nameEnd = at + 1 + bytes.readUInt8(at);
      const name = bytes.toString("utf8", at + 1, nameEnd);
      const type = bytes.readUInt8(nameEnd);
      const fixed = SIZES[type];
      const start = nameEnd + 1 + (fixed === undefined ? 2 : 0);
      const size = fixed ?? bytes.readUInt16BE(nameEnd + 1);
      if (type === TEXT) headers.push([name, bytes.toString("utf8", start, start + size)]);
      at = start + size;
    }
  } catch (cause) {
    throw broken("headers that cannot be read", cause);
  }
  return Object.fromEntries(headers);
}

/**
 * A message as the event that the SSE text would have held: Anthropic's own out of an `invoke` chunk, `{"<event
 * type>": payload}` out of Converse, `{"<exception type>": payload}` out of an exception.
 * @throws ApiError 502 when the payload is no JSON object.
 */
export function eventOf({ headers, payload }: EventMessage): { event: JsonObject; data: string } {
  const { ":message-type": kind, ":event-type": type = "", ":exception-type": exception = "" } = headers;
  if (kind === "error") {
    const event = { type: "error", message: `${headers[":error-code"]}: ${headers[":error-message"]}` };
    return { event, data: JSON.stringify(event) };
  }
  const content = jsonOf(payload.toString("utf8"));
  if (kind !== "exception" && typeof content.bytes === "string") {
    const data = Buffer.from(content.bytes, "base64").toString("utf8");
    return { event: jsonOf(data), data };
  }
  const event = { [kind === "exception" ? exception : type]: content };
  return { event, data: JSON.stringify(event) };
}

function jsonOf(text: string): JsonObject {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw broken("a payload that is not JSON", cause);
  }
  if (isObject(json)) return json;
  throw broken("a payload that is not a JSON object");
}

function broken(what: string, cause?: unknown): ApiError {
  return new ApiError(502, `The upstream sent an event with ${what}.`, {
    origin: "upstream",
    reason: "bad_answer",
    ...(cause !== undefined && { cause }),
  });
}
