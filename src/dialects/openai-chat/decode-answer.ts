import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Block, HubAnswer } from "../../hub/messages.ts";
import { readUpstreamError } from "../openai/upstream-error.ts";
import { readReasoning } from "./reasoning.ts";
import { decodeStopReason } from "./stop-reason.ts";
import { decodeToolCall } from "./tool-calls.ts";
import { decodeUsage } from "./usage.ts";
import type { ChatToolCall } from "./wire.ts";

/**
 * A whole answer; of several choices the first.
 * @throws ApiError (origin "upstream") when the body is an error, or no chat completion.
 */
export function decodeAnswer(body: JsonObject): HubAnswer {
  if (isObject(body.error)) throw readUpstreamError(body.error);
  const choice = Array.isArray(body.choices) ? body.choices[0] : undefined;
  if (!isObject(choice) || !isObject(choice.message)) {
    throw new ApiError(502, "The model's host answered with no chat completion.", {
      origin: "upstream",
      reason: "bad_upstream_answer",
    });
  }
  const content = contentOf(choice.message);
  const hasCalls = content.some(({ type }) => type === "tool_use");
  return {
    id: stringOf(body.id) || newAnswerId(),
    model: stringOf(body.model),
    content,
    stop_reason: decodeStopReason(choice.finish_reason, hasCalls),
    usage: decodeUsage(body.usage),
  };
}

function contentOf(message: JsonObject): Block[] {
  const { text: thinking, ...signature } = readReasoning(message);
  const text = textOf(message.content) + stringOf(message.refusal);
  const calls: unknown[] = Array.isArray(message.tool_calls) ? message.tool_calls : [];
  return [
    ...(thinking !== "" || signature.signature
      ? [{ type: "thinking" as const, thinking, ...signature }]
      : []),
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
    ...calls.filter(isCall).map((call, index) => decodeToolCall({ ...call, id: call.id || `call_${index}` })),
  ];
}

/** For the answer of a host that gives none. */
export function newAnswerId(): string {
  return `chatcmpl-${randomUUID().replaceAll("-", "")}`;
}

/** Most hosts write a text, Mistral's reasoning models a list of parts. */
export function textOf(content: Json | undefined): string {
  if (!Array.isArray(content)) return stringOf(content);
  return content.map((part) => (isObject(part) ? stringOf(part.text) : "")).join("");
}

export function stringOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function isCall(call: unknown): call is ChatToolCall {
  if (!isObject(call)) return false;
  const called = call.type === "custom" ? call.custom : call.function;
  return isObject(called) && typeof called.name === "string";
}
