/** A composed reply as a chat answer, whole or in chunks. */
import type { Json, JsonObject } from "../../hub/json.ts";
import { type Answer, json } from "../answer.ts";
import type { Composed } from "./composed.ts";

export interface ChatAnswer {
  composed: Composed;
  /** In `model`. */
  model: string;
  usage: JsonObject;
  callId: (id: string) => string;
  stream: boolean;
  /** A last chunk with the usage. */
  tellsUsage: boolean;
  /** What only this host adds. */
  extras: { first?: JsonObject; choice?: JsonObject; answer?: JsonObject };
}

/** Seconds since the epoch; fixed, so that the same request gets the same answer. */
const CREATED = 1_780_000_000;
/** Code points in one delta, in turns. */
const DELTA_SIZES = [3, 1, 8, 15, 2];

export function usageOf(
  { prompt, cached }: { prompt: number; cached: number },
  { outputTokens, reasoningTokens }: Composed,
): JsonObject {
  return {
    completion_tokens: outputTokens,
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
    prompt_tokens: prompt,
    prompt_tokens_details: { cached_tokens: cached },
    total_tokens: prompt + outputTokens,
  };
}

export function chatAnswer(answer: ChatAnswer): Answer {
  const { stream, usage } = answer;
  if (!stream) return { ...json(200, wholeOf(answer)), usage };
  return {
    status: 200,
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
    events: chunksOf(answer),
    framing: "sse",
    farewell: "[DONE]",
    usage,
  };
}

function wholeOf({ composed, model, usage, callId, extras }: ChatAnswer): JsonObject {
  const { id, text, calls, ended } = composed;
  const called = calls.map((call) => asCall(call, callId));
  const content = text === "" && calls.length > 0 ? null : text;
  const message = { role: "assistant", content, ...(called.length > 0 && { tool_calls: called }) };
  return {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    created: CREATED,
    model,
    ...extras.answer,
    choices: [{ index: 0, message, finish_reason: ended, logprobs: null, ...extras.choice }],
    usage,
  };
}

function asCall(call: Composed["calls"][number], callId: ChatAnswer["callId"]): JsonObject {
  return {
    id: callId(call.id),
    type: "function",
    function: { name: call.name, arguments: call.arguments },
  };
}

/** Parallel calls interleave: the arguments of all come in turns, as real streams may write them. */
function chunksOf({ composed, model, usage, callId, tellsUsage, extras }: ChatAnswer): JsonObject[] {
  const { id, text, calls, ended } = composed;
  const head = { id: `chatcmpl-${id}`, object: "chat.completion.chunk", created: CREATED, model };
  const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason, logprobs: null, ...extras.choice }],
    ...(tellsUsage && { usage: null }),
  });
  const opened = calls.map((call, index) => {
    const { function: named, ...rest } = asCall(call, callId);
    return { index, ...rest, function: { ...(named as JsonObject), arguments: "" } };
  });
  return [
    ...(extras.first === undefined ? [] : [extras.first]),
    chunk({ role: "assistant", content: calls.length > 0 && text === "" ? null : "", refusal: null }),
    ...pieces(text).map((content) => chunk({ content })),
    ...opened.map((call) => chunk({ tool_calls: [call] })),
    ...interleaved(calls.map((call) => pieces(call.arguments))).map(([index, written]) =>
      chunk({ tool_calls: [{ index, function: { arguments: written } }] }),
    ),
    chunk({}, ended),
    ...(tellsUsage ? [{ ...head, choices: [] as Json[], usage }] : []),
  ];
}

function interleaved(lists: readonly string[][]): [number, string][] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => at).flatMap((at) =>
    lists.flatMap((list, index): [number, string][] => {
      const piece = list[at];
      return piece === undefined ? [] : [[index, piece]];
    }),
  );
}

/** Between code points. */
export function pieces(text: string): string[] {
  const points = [...text];
  const least = Math.ceil(points.length / 200);
  const cut: string[] = [];
  for (let at = 0; at < points.length; ) {
    const size = Math.max(least, DELTA_SIZES[cut.length % DELTA_SIZES.length] ?? 1);
    cut.push(points.slice(at, at + size).join(""));
    at += size;
  }
  return cut;
}
