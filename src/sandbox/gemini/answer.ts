/** What the script says as Gemini says it: parts, finish reason, usage; whole or in chunks. */
import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../hub/json.ts";
import type { Composed } from "../claude/compose.ts";
import { pieces } from "../claude/events.ts";
import { tokensOf } from "../claude/wire.ts";
import type { GeminiRules } from "../models.ts";
import { signatureOf } from "./signature.ts";
import type { GeminiRequest, Part } from "./wire.ts";

export interface Answered {
  parts: Part[];
  finishReason: string;
  usage: JsonObject;
  head: { modelVersion: string; createTime: string; responseId: string };
}

export interface Prompted {
  model: string;
  rules: GeminiRules;
  /** Tokens of the prompt, and how many of them the cache held. */
  prompt: { tokens: number; cached: number };
}

export function answerOf(
  request: GeminiRequest,
  said: Composed,
  { model, rules, prompt }: Prompted,
): Answered {
  const shown = request.generationConfig?.thinkingConfig?.includeThoughts === true;
  const thoughts = said.content.filter(({ type }) => type === "thinking");
  const thoughtTokens = tokensOf(thoughts.map(({ thinking = "" }) => String(thinking)).join("")) || 0;
  const parts = signed(
    said.content.flatMap((block) => partOf(block, shown)),
    thoughts.length > 0,
    rules,
  );
  return {
    parts,
    finishReason: said.stop_reason === "max_tokens" ? "MAX_TOKENS" : "STOP",
    usage: usageOf(prompt, said.output_tokens, thoughtTokens),
    head: { modelVersion: model, createTime: "2026-11-21T09:00:00.000000Z", responseId: responseId(said.id) },
  };
}

function partOf(block: JsonObject, shown: boolean): Part[] {
  switch (block.type) {
    case "thinking":
      return shown ? [{ text: String(block.thinking), thought: true }] : [];
    case "tool_use":
      return [{ functionCall: { name: String(block.name), args: block.input as JsonObject } }];
    default:
      return [{ text: String(block.text ?? "") }];
  }
}

/** The first call carries the signature; without calls, from Gemini 3 on, the last part does. */
function signed(parts: Part[], thought: boolean, { needsSignatures }: GeminiRules): Part[] {
  if (!thought && !needsSignatures) return parts;
  const call = parts.findIndex(({ functionCall }) => functionCall);
  const at = call < 0 && needsSignatures ? parts.findLastIndex((part) => part.thought !== true) : call;
  return parts.map((part, index) => (index === at ? { ...part, thoughtSignature: signatureOf(part) } : part));
}

/** Thoughts are counted beside the candidates, the cached part inside the prompt (protocol 4c). */
function usageOf(prompt: Prompted["prompt"], output: number, thoughts: number): JsonObject {
  return {
    promptTokenCount: prompt.tokens,
    candidatesTokenCount: Math.max(output - thoughts, 0),
    totalTokenCount: prompt.tokens + Math.max(output, thoughts),
    ...(thoughts > 0 && { thoughtsTokenCount: thoughts }),
    ...(prompt.cached > 0 && { cachedContentTokenCount: prompt.cached }),
    trafficType: "ON_DEMAND",
    promptTokensDetails: [{ modality: "TEXT", tokenCount: prompt.tokens }],
  };
}

function responseId(seed: string): string {
  return createHash("sha256").update(seed).digest("base64url").slice(0, 20);
}

export function bodyOf({ parts, finishReason, usage, head }: Answered): JsonObject {
  return {
    candidates: [{ content: contentOf(parts), finishReason, avgLogprobs: -0.1 }],
    usageMetadata: usage,
    ...head,
  };
}

/** First a chunk with nothing but its head, as Vertex sends at times; texts in pieces, neighbouring calls in one chunk. */
export function chunksOf({ parts, finishReason, usage, head }: Answered): JsonObject[] {
  const early = { trafficType: "ON_DEMAND" };
  const chunk = (some: Part[]) => ({
    candidates: [{ content: contentOf(some) }],
    usageMetadata: early,
    ...head,
  });
  const calls = parts.filter(({ functionCall }) => functionCall);
  const texts = parts.filter(({ functionCall }) => !functionCall);
  const tail = texts.findLast(({ thoughtSignature }) => thoughtSignature)?.thoughtSignature;
  const end: Part = { text: "", ...(tail !== undefined && { thoughtSignature: tail }) };
  return [
    { usageMetadata: early, ...head },
    ...texts.flatMap(({ text = "", thought }) =>
      pieces(text).map((piece) => chunk([{ text: piece, ...(thought === true && { thought }) }])),
    ),
    ...(calls.length > 0 ? [chunk(calls)] : []),
    { candidates: [{ content: contentOf([end]), finishReason }], usageMetadata: usage, ...head },
  ];
}

function contentOf(parts: Part[]): JsonObject {
  return { role: "model", parts: parts as unknown as Json };
}
