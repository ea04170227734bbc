import type { Effort } from "./messages.ts";

/** What a model can do, as far as a request must know it. The data is in catalog/capabilities.ts. */

/** A maker's line of models; "other" is any model that we have no row for. */
export type Family =
  | "claude"
  | "nova"
  | "titan"
  | "gpt"
  | "gemini"
  | "mistral"
  | "perplexity"
  | "cohere"
  | "embedding"
  | "other";

/**
 * How extended thinking is asked for: not at all, by `budget_tokens`, by `adaptive` with an effort, or either.
 * (protocol: `enabled` up to 4.6, `adaptive` from 4.6 on.) `level` is by an effort alone: Gemini's
 * `thinkingLevel` from 3 on, OpenAI's `reasoning_effort`.
 */
export type ThinkingStyle = "none" | "budget" | "both" | "adaptive" | "level";

/**
 * Which sampling parameters pass: all, temperature or top_p but not both, or none but `temperature: 1`.
 */
export type SamplingRule = "free" | "one" | "fixed";

export interface Capabilities {
  family: Family;
  /** For people: "Claude Sonnet 4.5". */
  displayName: string;
  /** Tokens, prompt and answer together. */
  contextWindow: number;
  /** Tokens of context that `longContextBeta` unlocks, where the model has such a switch. */
  longContextWindow?: number;
  longContextBeta?: string;
  /** Tokens. */
  maxOutputTokens: number;
  thinking: ThinkingStyle;
  /** Tokens that a budget may be, where there are bounds (Gemini 2.5); `canStop`: 0 turns thinking off. */
  thinkingBudget?: { least: number; most: number; canStop: boolean };
  sampling: SamplingRule;
  /** Efforts that `reasoning_effort` may name, lowest first, where the model has such a switch (GPT, o, Mistral). */
  efforts?: readonly Effort[];
  images: boolean;
  tools: boolean;
}
