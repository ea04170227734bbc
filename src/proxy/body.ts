import { isAscii, isUtf8, transcode } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { endOf } from "../aicore/transport.ts";
import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { jsonErrorPosition } from "../hub/json-position.ts";
import { type Outline, outlineOf } from "../stream/json-members.ts";
import type { Exchange } from "./exchange.ts";

const MEGABYTE = 1024 * 1024;
/** Anthropic's own limit for a request, and more than Bedrock takes. */
const BODY_LIMIT = 32 * MEGABYTE;
const DEPTH_LIMIT = 128;

/** A request body: parsed, and still there as bytes, so that members nobody changes need not be re-serialised. */
export interface RequestBody {
  readonly bytes: Buffer;
  readonly outline: Outline;
  readonly json: JsonObject;
  /**
   * For who asked for it, where there is one: the same with texts that are not ASCII garbled, a character for each of
   * their bytes. It shows the structure, and costs a third of the time and half of the memory (540 KB with some umlauts,
   * Node 20, 2026-11). `json` is then parsed when someone needs it, which for a long conversation is seldom.
   */
  readonly rough: JsonObject | undefined;
}

/** Smaller bodies are not worth two looks. */
const LARGE = 64 * 1024;

/** A text of spaces alone, in UTF-8 taken for Latin-1: garbled, one that is not ASCII would look like words. */
const BLANK =
  /"(?: |\\(?:[nrtbf]|u[\da-fA-F]{4})|\xc2\xa0|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf)+"/;

/**
 * Reads a JSON body of at most `limit` bytes.
 * @throws ApiError 415, 413 or 400 (security B1–B8), never with a piece of the body in its message.
 */
export async function readBody(request: IncomingMessage, limit = BODY_LIMIT): Promise<RequestBody> {
  checkHeaders(request, limit);
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) throw new ApiError(400, "Request body is empty.");
  if (!isUtf8(bytes)) throw new ApiError(400, "Request body is not valid UTF-8.");
  const outline = outlineOf(bytes);
  if (outline && outline.depth > DEPTH_LIMIT) {
    throw new ApiError(400, `JSON is nested too deeply (limit ${DEPTH_LIMIT}).`);
  }
  const ascii = isAscii(bytes);
  const garbled = !ascii && roughly && bytes.length >= LARGE ? bytes.toString("latin1") : undefined;
  const rough = garbled !== undefined && !BLANK.test(garbled) ? garbled : undefined;
  const parsed = parse(rough ?? (ascii ? bytes.toString("latin1") : textOf(bytes)), bytes);
  if (!isObject(parsed) || !outline) throw new ApiError(400, "Request body must be a JSON object.");
  return rough !== undefined
    ? new LargeBody(bytes, outline, parsed)
    : { bytes, outline, json: parsed, rough: undefined };
}

/** Decoded when someone asks for it, which for a long conversation is hardly ever the case. */
class LargeBody implements RequestBody {
  readonly bytes: Buffer;
  readonly outline: Outline;
  readonly rough: JsonObject;
  #json: JsonObject | undefined;

  constructor(bytes: Buffer, outline: Outline, rough: JsonObject) {
    this.bytes = bytes;
    this.outline = outline;
    this.rough = rough;
  }

  get json(): JsonObject {
    this.#json ??= JSON.parse(textOf(this.bytes)) as JsonObject;
    return this.#json;
  }
}

function checkHeaders(request: IncomingMessage, limit: number): void {
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new ApiError(415, "Content-Type must be application/json.");
  const encoding = request.headers["content-encoding"]?.toLowerCase();
  if (encoding !== undefined && encoding !== "identity") {
    throw new ApiError(415, "Compressed request bodies are not supported.");
  }
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
}

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit) return;
      request.off("data", onData);
      reject(tooLarge(limit));
    };
    const end = () => reject(endOf(signal));
    signal.addEventListener("abort", end);
    request.on("data", onData);
    request.on("end", () => {
      signal.removeEventListener("abort", end);
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    });
    if (signal.aborted) end();
  });
}

function tooLarge(limit: number): ApiError {
  const size = limit < MEGABYTE ? `${limit / 1024} KB` : `${limit / MEGABYTE} MB`;
  return new ApiError(413, `Request is larger than ${size}.`);
}

/** By way of UTF-16, which takes a quarter less than `toString("utf8")` for 540 KB (Node 20.20, 2026-11). */
function textOf(bytes: Buffer): string {
  return transcode(bytes, "utf8", "ucs2").toString("ucs2");
}

/** @param text all or enough of `bytes` */
function parse(text: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column } = jsonErrorPosition(textOf(bytes));
    throw new ApiError(400, `Request body is not valid JSON (line ${line}, column ${column}).`);
  }
}
