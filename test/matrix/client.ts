/** A client of each dialect that takes and gives hub words: what it sends and reads is the dialect's wire. */
import { capabilitiesOf } from "../../src/catalog/capabilities.ts";
import { CLIENT_DIALECTS } from "../../src/dialects/clients.ts";
import { Collector } from "../../src/hub/collect.ts";
import { isObject, type JsonObject } from "../../src/hub/json.ts";
import type { HubAnswer, HubEvent, HubRequest } from "../../src/hub/messages.ts";
import type { WireName } from "../../src/hub/wire.ts";
import { dataOf, FrameSplitter } from "../../src/stream/frames.ts";
import type { Stack } from "../support/stack.ts";

export interface Told {
  status: number;
  /** What was told before the end or the break. */
  answer: HubAnswer;
  /** Whether the answer looks complete to a client of this dialect. */
  complete: boolean;
  /** The text of an error answer, or of the error frame of a stream. */
  error?: string;
}

/** Asks `model` in the words of `wire`. */
export async function ask(stack: Stack, wire: WireName, request: HubRequest): Promise<Told> {
  const response = await stack.post(pathOf(wire, request), bodyOf(wire, request));
  const text = await response.text();
  const { status } = response;
  if (status !== 200) return { status, answer: new Collector().answer, complete: false, error: text };
  if (request.stream) return { status, ...readStream(wire, text) };
  const answer = CLIENT_DIALECTS[wire].codec.decodeAnswer(JSON.parse(text) as JsonObject);
  return { status, answer, complete: true };
}

export function pathOf(wire: WireName, { model, stream }: HubRequest): string {
  switch (wire) {
    case "anthropic":
      return "/v1/messages";
    case "openai-chat":
      return "/v1/chat/completions";
    case "openai-responses":
      return "/v1/responses";
    case "gemini":
      return `/v1beta/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`;
  }
}

/** The body that a client of this dialect sends: our encoder's, which is written for upstreams, as a client names it. */
export function bodyOf(wire: WireName, request: HubRequest): JsonObject {
  const target = { model: request.model, capabilities: capabilitiesOf("gemini-2.5-pro"), note: () => {} };
  return CLIENT_DIALECTS[wire].codec.encodeRequest(request, target);
}

/** What a client of this dialect makes of a stream, checked event by event. */
export function readStream(wire: WireName, text: string): Omit<Told, "status"> {
  const decoder = CLIENT_DIALECTS[wire].codec.decodeStream();
  const collector = new Collector();
  const grammar = new Grammar();
  const take = (events: HubEvent[]) => {
    for (const event of events) {
      grammar.check(event);
      collector.add(event);
    }
  };
  try {
    for (const data of framesOf(text)) if (data !== "[DONE]") take(decoder.read(eventOf(data)));
    if (wire !== "openai-chat" || text.trimEnd().endsWith("data: [DONE]")) take(decoder.end());
  } catch (error) {
    return { answer: collector.answer, complete: false, error: String(error) };
  }
  return { answer: collector.answer, complete: collector.complete };
}

/** An event of a client's stream; an error frame is thrown with its text. */
function eventOf(data: string): JsonObject {
  const event = JSON.parse(data) as JsonObject;
  if (event.type === "error" || event.type === "response.failed" || isObject(event.error))
    throw new Error(data);
  return event;
}

function framesOf(text: string): string[] {
  const frames: string[] = [];
  new FrameSplitter().push(Buffer.from(text), (frame) => frames.push(dataOf(frame)));
  return frames.filter((data) => data !== "");
}

/** Start first, blocks one after another and counted, stop last: holds for every stream of every test. */
class Grammar {
  #state: "before" | "between" | "inside" | "ending" | "after" = "before";
  #index = -1;

  check(event: HubEvent): void {
    const next = this.#next(event);
    if (!next) throw new Error(`stream grammar: ${event.type} in state ${this.#state}`);
    this.#state = next;
  }

  #next(event: HubEvent): "between" | "inside" | "ending" | "after" | undefined {
    switch (event.type) {
      case "message_start":
        return this.#state === "before" ? "between" : undefined;
      case "content_block_start":
        return this.#state === "between" && event.index === ++this.#index ? "inside" : undefined;
      case "content_block_delta":
        return this.#state === "inside" && event.index === this.#index ? "inside" : undefined;
      case "content_block_stop":
        return this.#state === "inside" && event.index === this.#index ? "between" : undefined;
      case "message_delta":
        return this.#state === "between" ? "ending" : undefined;
      case "message_stop":
        return this.#state === "ending" ? "after" : undefined;
    }
  }
}
