/** What the Gemini tests share: a target to write for, frozen inputs, and hub events made of blocks. */
import { capabilitiesOf } from "../../../src/catalog/capabilities.ts";
import type { Target } from "../../../src/dialects/codec.ts";
import { geminiCodec } from "../../../src/dialects/gemini/codec.ts";
import { explode } from "../../../src/hub/collect.ts";
import type { JsonObject } from "../../../src/hub/json.ts";
import type { Block, HubAnswer, HubEvent, HubRequest } from "../../../src/hub/messages.ts";
import { frozen } from "../../upstreams/request.ts";

export interface TestTarget extends Target {
  notes: string[];
}

export function targetFor(model = "gemini-3.5-flash"): TestTarget {
  const notes: string[] = [];
  return { model, capabilities: capabilitiesOf(model), note: (text) => notes.push(text), notes };
}

export function decode(body: unknown, notes: string[] = []): HubRequest {
  return geminiCodec.decodeRequest(frozen(body as JsonObject), (text) => notes.push(text));
}

export function encode(request: Partial<HubRequest>, target = targetFor()): JsonObject {
  const whole = { model: "m", messages: [], ...request };
  return geminiCodec.encodeRequest(frozen(whole as unknown as JsonObject) as unknown as HubRequest, target);
}

export const asked = (...messages: HubRequest["messages"]): Partial<HubRequest> => ({ messages });
export const USAGE = {
  input_tokens: 20,
  cache_read_input_tokens: 100,
  cache_creation_input_tokens: 5,
  output_tokens: 30,
  reasoning_tokens: 12,
};

export function answerOf(content: Block[], more: Partial<HubAnswer> = {}): HubAnswer {
  return { id: "msg_1", model: "gpt-5", content, stop_reason: "end_turn", usage: USAGE, ...more };
}

export const eventsOf = (content: Block[], more: Partial<HubAnswer> = {}): HubEvent[] =>
  explode(answerOf(content, more));
export const image = (data = "iVBORw0KGgo=") =>
  ({ type: "image", source: { type: "base64", media_type: "image/png", data } }) as const;
