/** One question to the proxy over the Messages API, streamed: the same door that every tool uses. */
import { type IncomingMessage, request } from "node:http";
import { MessagesDecoder } from "../dialects/anthropic/stream.ts";
import { ApiError } from "../errors.ts";
import { Collector } from "../hub/collect.ts";
import { isObject, type JsonObject, parseObject } from "../hub/json.ts";
import type { HubAnswer, HubEvent, HubRequest } from "../hub/messages.ts";
import { dataOf, FrameSplitter } from "../stream/frames.ts";

export interface Door {
  /** Of the proxy, without a path. */
  url: string;
  key: string;
}

export interface Listener {
  /** Ends the answer where it is. */
  signal: AbortSignal;
  onText(text: string): void;
  onThinking(text: string): void;
}

export interface Reply {
  /** What came; a part of it when `interrupted`. */
  answer: HubAnswer;
  interrupted: boolean;
  /** SAP's name of the model that answered; it may differ from the one asked for. */
  sapModel: string | undefined;
  deployment: string | undefined;
  requestId: string | undefined;
}

/** @throws ApiError when there is no answer, or when it breaks off. */
export async function ask(door: Door, question: HubRequest, listener: Listener): Promise<Reply> {
  const collector = new Collector();
  let headers: IncomingMessage["headers"] = {};
  try {
    const response = await post(door, question, listener.signal);
    headers = response.headers;
    if (response.statusCode !== 200) throw await refusalIn(response);
    await collect(response, collector, listener);
    if (!collector.complete) throw brokenOff("it ended early");
  } catch (error) {
    if (!listener.signal.aborted) throw error instanceof ApiError ? error : brokenOff(reasonOf(error), error);
  }
  const header = (name: string) => headers[name]?.toString();
  return {
    answer: collector.answer,
    interrupted: !collector.complete,
    sapModel: header("x-aicore-model"),
    deployment: header("x-aicore-deployment"),
    requestId: header("x-request-id"),
  };
}

/** `node:http` with an agent of its own kind: no proxy variable leads this call away from loopback. */
function post({ url, key }: Door, question: HubRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const body = Buffer.from(JSON.stringify({ ...question, stream: true }));
  const headers = {
    "content-type": "application/json",
    "content-length": body.length,
    "user-agent": "aicore-chat",
    "anthropic-version": "2023-06-01",
    "x-api-key": key,
  };
  return new Promise((resolve, reject) => {
    const call = request(`${url}/v1/messages`, { method: "POST", headers, agent: false, signal }, resolve);
    call.on("error", reject);
    call.end(body);
  });
}

async function collect(response: IncomingMessage, collector: Collector, listener: Listener): Promise<void> {
  const splitter = new FrameSplitter();
  const decoder = new MessagesDecoder();
  const take = (frame: Buffer) => {
    const data = dataOf(frame);
    if (data === "") return;
    const event = JSON.parse(data) as JsonObject;
    if (event.type === "error") throw failureOf(502, event);
    for (const each of decoder.read(event)) {
      collector.add(each);
      tell(each, listener);
    }
  };
  for await (const chunk of response) splitter.push(chunk as Buffer, take);
}

function tell(event: HubEvent, { onText, onThinking }: Listener): void {
  if (event.type !== "content_block_delta") return;
  if (event.delta.type === "text_delta") onText(event.delta.text);
  if (event.delta.type === "thinking_delta") onThinking(event.delta.thinking);
}

async function refusalIn(response: IncomingMessage): Promise<ApiError> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return failureOf(response.statusCode ?? 502, parseObject(text) ?? { error: { message: text } });
}

function failureOf(status: number, { error }: JsonObject): ApiError {
  return new ApiError(status, isObject(error) ? String(error.message) : "The proxy gave no reason.");
}

function brokenOff(why: string, cause?: unknown): ApiError {
  return new ApiError(502, `The answer broke off: ${why}.`, { reason: "stream_broken", cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
