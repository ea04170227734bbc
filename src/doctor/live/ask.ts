/** One request to the proxy on this machine, past every HTTP_PROXY, and what its answer was. */
import { type IncomingMessage, request } from "node:http";
import { ApiError } from "../../errors.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import { dataOf, FrameSplitter } from "../../stream/frames.ts";

/** Where the proxy under test listens. */
export interface Door {
  url: string;
  key: string;
}

/** What a streamed answer of the Messages API held. */
export interface Streamed {
  /** Types, in order. */
  blocks: string[];
  stopReason: string;
  cacheReadTokens: number;
  /** Milliseconds. */
  firstEventAfter: number;
}

/** A model may think for a while before its first word. */
const SILENCE = 90_000;

/**
 * Streams an answer to its end.
 * @throws ApiError with the words of the error, also when it came in the stream or the stream broke off.
 */
export async function askMessages(door: Door, body: JsonObject): Promise<Streamed> {
  const started = performance.now();
  const told: Streamed = { blocks: [], stopReason: "", cacheReadTokens: 0, firstEventAfter: 0 };
  let complete = false;
  const answer = await post(door, "/v1/messages", { ...body, stream: true });
  if (answer.statusCode !== 200) throw refusal(answer, await textOf(answer));
  const frames = new FrameSplitter();
  for await (const chunk of answer) {
    told.firstEventAfter ||= Math.round(performance.now() - started);
    frames.push(chunk as Buffer, (frame) => {
      const event: unknown = JSON.parse(dataOf(frame) || "{}");
      if (isObject(event)) take(event, told);
      complete ||= isObject(event) && event.type === "message_stop";
    });
  }
  if (!complete) throw new ApiError(502, "the stream ended before its answer was complete");
  return told;
}

function take(
  { type, error, message, usage, content_block: block, delta }: JsonObject,
  told: Streamed,
): void {
  if (type === "error" && isObject(error)) throw new ApiError(502, String(error.message));
  for (const counted of [isObject(message) ? message.usage : undefined, usage]) {
    const read = isObject(counted) ? counted.cache_read_input_tokens : undefined;
    if (typeof read === "number") told.cacheReadTokens = read;
  }
  if (isObject(block)) told.blocks.push(String(block.type));
  if (type === "message_delta" && isObject(delta)) told.stopReason = String(delta.stop_reason);
}

/** How many numbers an embedding has. @throws ApiError as `askMessages` does. */
export async function askEmbedding(door: Door, model: string): Promise<number> {
  const answer = await post(door, "/v1/embeddings", { model, input: "aicore doctor" });
  const text = await textOf(answer);
  if (answer.statusCode !== 200) throw refusal(answer, text);
  const { data } = JSON.parse(text) as { data?: { embedding?: number[] }[] };
  return data?.[0]?.embedding?.length ?? 0;
}

function post({ url, key }: Door, path: string, body: JsonObject): Promise<IncomingMessage> {
  const headers = {
    "content-type": "application/json",
    "anthropic-version": "2023-06-01",
    authorization: `Bearer ${key}`,
  };
  return new Promise((resolve, reject) => {
    const call = request(url + path, { method: "POST", headers, agent: false, timeout: SILENCE }, resolve);
    call.once("error", (cause) => reject(new ApiError(502, `no answer (${cause.message})`, { cause })));
    call.once("timeout", () => call.destroy(new Error(`silent for ${SILENCE / 1_000} s`)));
    call.end(JSON.stringify(body));
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += chunk;
  return text;
}

/** The error as the proxy's client reads it. */
function refusal({ statusCode = 502 }: IncomingMessage, text: string): ApiError {
  const json = parse(text);
  const error = isObject(json) && isObject(json.error) ? json.error : {};
  return new ApiError(statusCode, typeof error.message === "string" ? error.message : text.slice(0, 500));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
