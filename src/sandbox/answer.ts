/** What a handler answers, before any fault disturbs it and before it is bytes. */
import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../hub/json.ts";

interface Head {
  status: number;
  headers: Record<string, string>;
  /** Set when the sandbox's own strictness refused: the reason that goes into `sandbox.refused`. */
  refusal?: string;
  /** What an inference answer reports as used: noted when the answer has gone out whole. */
  usage?: JsonObject;
}

export interface PlainAnswer extends Head {
  body: string | Buffer;
}

export interface StreamAnswer extends Head {
  events: JsonObject[];
  /** SSE text by default, Converse's in Python; binary AWS event stream when `Accept` asked for it (protocol 4a.7). */
  framing: "sse" | "python" | "binary";
  /** The data of a last frame that is no JSON: chat streams end with `[DONE]`. */
  farewell?: string;
}

export type Answer = PlainAnswer | StreamAnswer;

export function json(status: number, body: Json, headers: Record<string, string> = {}): PlainAnswer {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

export function text(status: number, body: string): PlainAnswer {
  return { status, headers: { "content-type": "text/plain" }, body };
}

/** An answer that counts as a refusal by the strictness. */
export function refused(answer: PlainAnswer, reason: string): PlainAnswer {
  return { ...answer, refusal: reason };
}

/** The shape of SAP's lifecycle-management errors (protocol 6.1). */
export function lmError(status: number, code: string, message: string, target: string): PlainAnswer {
  return json(status, { error: { code, message, requestId: randomUUID(), target, details: [] } });
}

/** The shape of Bedrock's errors as SAP passes them on (protocol 6.1). */
export function bedrockError(status: number, type: string, message: string): PlainAnswer {
  return json(status, { message }, { "x-amzn-errortype": type });
}
