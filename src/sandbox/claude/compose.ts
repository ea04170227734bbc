/** A reply as a message: blocks with ids and signatures, cut by stop sequences and by `max_tokens`. */
import { createHash } from "node:crypto";
import type { JsonObject } from "../../hub/json.ts";
import type { Reply } from "./script.ts";
import { seal, sign } from "./signature.ts";
import { isThinking } from "./thinking.ts";
import { type Block, blocksOf, type ClaudeRequest, tokensOf } from "./wire.ts";

export interface Composed {
  id: string;
  content: Block[];
  stop_reason: "end_turn" | "tool_use" | "max_tokens" | "stop_sequence";
  stop_sequence: string | null;
  /** By `tokensOf`, thinking included. */
  output_tokens: number;
}

type Part =
  | { kind: "thinking" | "redacted_thinking" | "text"; text: string }
  | { kind: "tool_use"; name: string; input: JsonObject };

const INTERLEAVED = "interleaved-thinking-2025-05-14";
const CHARACTERS_PER_TOKEN = 4;

/** Pure: the same request gets the same ids, another one gets others. */
export function compose(request: ClaudeRequest, reply: Reply): Composed {
  const seed = JSON.stringify(request);
  const { reply: said, stop } = stopAt(reply, request.stop_sequences ?? []);
  const parts = partsOf(request, said);
  const weight = weightOf(parts);
  const kept = within(parts, request.max_tokens);
  return {
    id: idFrom("msg_bdrk_01", seed),
    content: kept.map((part, index) => blockOf(part, idFrom("toolu_bdrk_01", `${index}${seed}`))),
    ...stopOf(kept, weight > request.max_tokens, stop),
    output_tokens: Math.min(Math.max(weight, 1), request.max_tokens),
  };
}

function stopOf(
  parts: readonly Part[],
  cutShort: boolean,
  stop: string | undefined,
): Pick<Composed, "stop_reason" | "stop_sequence"> {
  if (cutShort) return { stop_reason: "max_tokens", stop_sequence: null };
  if (stop !== undefined) return { stop_reason: "stop_sequence", stop_sequence: stop };
  const called = parts.some(({ kind }) => kind === "tool_use");
  return { stop_reason: called ? "tool_use" : "end_turn", stop_sequence: null };
}

/** The reply up to the first stop sequence in its text; nothing is called after it. */
function stopAt(reply: Reply, stops: readonly string[]): { reply: Reply; stop?: string } {
  const text = reply.text ?? "";
  const found = stops
    .map((stop) => ({ stop, at: text.indexOf(stop) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)[0];
  if (found === undefined) return { reply };
  return { reply: { ...reply, text: text.slice(0, found.at), calls: [] }, stop: found.stop };
}

function partsOf(request: ClaudeRequest, { thought, sealed, text, calls = [] }: Reply): Part[] {
  const kind = sealed === true ? "redacted_thinking" : "thinking";
  return [
    ...(thinksNow(request) ? [{ kind, text: thought } as const] : []),
    ...(text === undefined || text === "" ? [] : [{ kind: "text", text } as const]),
    ...calls.map((call) => ({ kind: "tool_use", ...call }) as const),
  ];
}

/** With a budget it thinks once a turn, and again after tool results only when the beta lets it. */
function thinksNow(request: ClaudeRequest): boolean {
  if (!isThinking(request)) return false;
  if (request.thinking?.type === "adaptive" || request.anthropic_beta?.includes(INTERLEAVED)) return true;
  return blocksOf(request.messages.at(-1)?.content)[0]?.type !== "tool_result";
}

function within(parts: readonly Part[], most: number): Part[] {
  const kept: Part[] = [];
  let left = most;
  for (const part of parts) {
    const weight = weightOf([part]);
    if (weight <= left) kept.push(part);
    else if (left > 0 && part.kind !== "tool_use") kept.push({ ...part, text: cut(part.text, left) });
    left -= weight;
    if (left <= 0) break;
  }
  return kept;
}

function weightOf(parts: readonly Part[]): number {
  return parts
    .map((part) => tokensOf(part.kind === "tool_use" ? part.input : part.text))
    .reduce((sum, tokens) => sum + tokens, 0);
}

/** Never through the middle of a surrogate pair. */
function cut(text: string, tokens: number): string {
  return text.slice(0, tokens * CHARACTERS_PER_TOKEN).replace(/[\ud800-\udbff]$/, "");
}

function blockOf(part: Part, callId: string): Block {
  switch (part.kind) {
    case "thinking":
      return { type: "thinking", thinking: part.text, signature: sign(part.text) };
    case "redacted_thinking":
      return { type: "redacted_thinking", data: seal(part.text) };
    case "text":
      return { type: "text", text: part.text };
    case "tool_use":
      return { type: "tool_use", id: callId, name: part.name, input: part.input };
  }
}

function idFrom(prefix: string, seed: string): string {
  const digest = createHash("sha256").update(seed).digest("base64").replace(/[+/=]/g, "");
  return `${prefix}${digest.slice(0, 22)}`;
}
