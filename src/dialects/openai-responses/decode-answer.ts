import { randomUUID } from "node:crypto";
import { ApiError } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Block, HubAnswer } from "../../hub/messages.ts";
import { decodeCall } from "./decode-calls.ts";
import { readFailure } from "./failure.ts";
import { reasoningSignature, reasoningText } from "./reasoning.ts";
import { decodeStatus } from "./status.ts";
import { decodeUsage } from "./usage.ts";

/**
 * A whole response.
 * @throws ApiError (origin "upstream") when the body is an error, a failed response, or no response.
 */
export function decodeAnswer(body: JsonObject): HubAnswer {
  const failure = readFailure(body);
  if (failure) throw failure;
  if (!Array.isArray(body.output) || body.status === "failed") {
    throw new ApiError(502, "The model's host answered with no response.", {
      origin: "upstream",
      reason: "bad_upstream_answer",
    });
  }
  const content = body.output.filter(isObject).flatMap(decodeOutputItem);
  const hasCalls = content.some(({ type }) => type === "tool_use");
  return {
    id: textOf(body.id) || newResponseId(),
    model: textOf(body.model),
    content,
    stop_reason: decodeStatus(body, hasCalls),
    usage: decodeUsage(body.usage),
  };
}

/** An item of the output as blocks. What OpenAI's own tools did is of no meaning elsewhere. */
export function decodeOutputItem(item: JsonObject): Block[] {
  if (item.type === "reasoning") return decodeThought(item);
  if (item.type !== "message") {
    const call = decodeCall(item, ({ name }) => name);
    return call ? [call] : [];
  }
  const parts = Array.isArray(item.content) ? item.content.filter(isObject) : [];
  return parts.flatMap((part): Block[] => {
    const text = spokenText(part);
    return text === "" ? [] : [{ type: "text", text }];
  });
}

/** What a part of a message says; a refusal is said, too. */
export function spokenText({ text, refusal }: JsonObject): string {
  return textOf(text) || textOf(refusal);
}

/** Behind SAP the summary is empty, and everything sealed (protocol 4b.4); a thought with neither is nothing. */
function decodeThought(item: JsonObject): Block[] {
  const thinking = reasoningText(item);
  const signature = reasoningSignature(item);
  if (thinking === "" && signature === undefined) return [];
  return [{ type: "thinking", thinking, ...(signature !== undefined && { signature }) }];
}

/** For the answer of a host that gives none. */
export function newResponseId(): string {
  return `resp_${randomUUID().replaceAll("-", "")}`;
}

export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
