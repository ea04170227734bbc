import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { endOf } from "../aicore/transport.ts";
import { ApiError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { jsonErrorPosition } from "../hub/json-position.ts";
import { textOf } from "../hub/json-text.ts";
import { type Outline, outlineOf } from "../stream/json-members.ts";
import type { Exchange } from "./exchange.ts";
import type { KnownBodies } from "./known-bodies.ts";

const MEGABYTE = 1024 * 1024;
/** Anthropic's own limit for a request, and more than Bedrock takes. */
const BODY_LIMIT = 32 * MEGABYTE;
const DEPTH_LIMIT = 128;
const JSON_TYPE = "application/json";

/** A request body: parsed, and still there as bytes, so that members nobody changes need not be re-serialised. */
export interface RequestBody {
  readonly bytes: Buffer;
  readonly outline: Outline;
  readonly json: JsonObject;
}

export interface ReadOptions {
  /** Bytes at most. */
  limit?: number;
  /** For bodies that hold a whole conversation. */
  known?: KnownBodies;
}

/**
 * Reads a JSON body.
 * @throws ApiError 415, 413 or 400 (security B1–B8), never with a piece of the body in its message; `endOf` the
 * exchange when it ends first.
 */
export function readBody(
  exchange: Exchange,
  { limit = BODY_LIMIT, known }: ReadOptions = {},
): Promise<RequestBody> {
  checkHeaders(exchange.request, limit);
  return readBytes(exchange, limit).then((bytes) => bodyIn(bytes, exchange, known));
}

function bodyIn(bytes: Buffer, { key }: Exchange, known: KnownBodies | undefined): RequestBody {
  if (bytes.length === 0) throw new ApiError(400, "Request body is empty.");
  if (!isUtf8(bytes)) throw new ApiError(400, "Request body is not valid UTF-8.");
  const like = known?.likeness(key.id, bytes);
  const outline = like ? like.outline : outlineOf(bytes);
  if (outline && outline.depth > DEPTH_LIMIT) {
    throw new ApiError(400, `JSON is nested too deeply (limit ${DEPTH_LIMIT}).`);
  }
  const parseWhole = () => parse(textOf(bytes));
  const json = known && like ? known.read(like, parseWhole) : parseWhole();
  if (!isObject(json) || !outline) throw new ApiError(400, "Request body must be a JSON object.");
  return { bytes, outline, json };
}

function checkHeaders(request: IncomingMessage, limit: number): void {
  const type = request.headers["content-type"];
  if (type !== JSON_TYPE && type?.split(";", 1)[0]?.trim().toLowerCase() !== JSON_TYPE)
    throw new ApiError(415, "Content-Type must be application/json.");
  const encoding = request.headers["content-encoding"]?.toLowerCase();
  if (encoding !== undefined && encoding !== "identity") {
    throw new ApiError(415, "Compressed request bodies are not supported.");
  }
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
}

function readBytes({ request, signal }: Exchange, limit: number): Promise<Buffer> {
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
    request.once("end", () => {
      // What listens holds the chunks, and the request lives as long as its answer.
      request.off("data", onData);
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { line, column } = jsonErrorPosition(text);
    throw new ApiError(400, `Request body is not valid JSON (line ${line}, column ${column}).`);
  }
}
