/** A composed reply in the service's envelope, whole or as a stream (protocol 4f.3 and 4f.4). */
import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../../hub/json.ts";
import { type Answer, json } from "../answer.ts";
import { sign } from "../claude/signature.ts";
import type { Composed } from "../openai-compatible/composed.ts";

export interface Orchestrated {
  composed: Composed;
  /** In `model`. */
  model: string;
  isClaude: boolean;
  callId: (letters: string) => string;
  usage: JsonObject;
  /** The whole prompt, which the service repeats. */
  templating: Json;
}

/** Seconds since the epoch; fixed, so that the same request gets the same answer. */
const CREATED = 1_780_000_000;

export function wholeAnswer(told: Orchestrated): Answer {
  const { composed, usage, templating } = told;
  const { text, ended, thought } = composed;
  const calls = callsOf(told);
  const message = {
    role: "assistant",
    content: text,
    ...(thought !== undefined && { reasoning_content: [{ content: thought, signature: sign(thought) }] }),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
  const result = {
    ...headOf(told, "chat.completion"),
    choices: [{ index: 0, message, finish_reason: ended }],
    usage,
  };
  const body = {
    request_id: randomUUID(),
    intermediate_results: { templating, llm: result },
    final_result: result,
  };
  return { ...json(200, body), usage };
}

/** Streams tell what the cache held, and not what was written to it (protocol 4f.4, 7.8). */
function inStream(usage: JsonObject): JsonObject {
  const { cached_tokens = 0 } = usage.prompt_tokens_details as JsonObject;
  return { ...usage, prompt_tokens_details: { cached_tokens } };
}

/** `size`: characters of text in one event at most. */
export function streamedAnswer(asked: Orchestrated, size: number): Answer {
  const told = { ...asked, usage: inStream(asked.usage) };
  const request_id = randomUUID();
  const first = {
    request_id,
    intermediate_results: { templating: told.templating },
    final_result: {
      ...{ id: "", object: "", created: 0, model: "", system_fingerprint: "" },
      choices: [{ index: 0, delta: { role: "", content: "" }, finish_reason: "" }],
    },
  };
  const chunks = chunksOf(told, size).map((final_result) => ({
    request_id,
    intermediate_results: { llm: final_result },
    final_result,
  }));
  return {
    status: 200,
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
    events: [first, ...chunks],
    framing: "sse",
    farewell: "[DONE]",
    usage: told.usage,
  };
}

/** The last says `stop` even behind `tool_calls`, where the provider is Claude's (protocol 7.8 #123). */
function chunksOf(told: Orchestrated, size: number): JsonObject[] {
  const { composed, isClaude, usage } = told;
  const head = headOf(told, "chat.completion.chunk");
  const chunk = (delta: JsonObject, finish_reason = "", more: JsonObject = {}): JsonObject => ({
    ...head,
    choices: [{ index: 0, delta: { role: "assistant", content: "", ...delta }, logprobs: {}, finish_reason }],
    ...more,
  });
  const thoughts = composed.thought === undefined ? [] : cut(composed.thought, 20);
  const signed = { content: "", signature: sign(composed.thought ?? "") };
  const calls = callsOf(told).flatMap(({ function: called, ...call }, index) => {
    const { name, arguments: written } = called as { name: string; arguments: string };
    const opened = chunk({ tool_calls: [{ index, ...call, function: { name, arguments: "" } }] });
    const pieces = cut(written, 12).map((piece) =>
      chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
    );
    return [opened, ...pieces];
  });
  const stopsTwice = isClaude && composed.ended === "tool_calls";
  return [
    ...thoughts.map((content) => chunk({ reasoning_content: [{ content, signature: "" }] })),
    ...(thoughts.length > 0 ? [chunk({ reasoning_content: [signed] })] : []),
    ...cut(composed.text, size).map((content) => chunk({ content })),
    ...calls,
    ...(stopsTwice ? [chunk({}, "tool_calls")] : []),
    chunk({}, stopsTwice ? "stop" : composed.ended, { usage }),
  ];
}

function headOf({ composed, model, isClaude }: Orchestrated, object: string): JsonObject {
  const id = `${isClaude ? "msg_bdrk_01" : "chatcmpl-"}${composed.id}`;
  return { id, object, created: CREATED, model, system_fingerprint: "fp_1" };
}

function callsOf({ composed, callId }: Orchestrated): JsonObject[] {
  return composed.calls.map(({ id, name, arguments: written }) => ({
    id: callId(id),
    type: "function",
    function: { name, arguments: written },
  }));
}

/** Between code points. */
function cut(text: string, size: number): string[] {
  const points = [...text];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    points.slice(index * size, (index + 1) * size).join(""),
  );
}
