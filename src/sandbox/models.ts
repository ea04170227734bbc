/**
 * The rules of each Claude model on Bedrock, as protocol.md 4a.4 and 5.2 merge them from live probes (2026-05 to
 * 2026-08). The sandbox's own table: it must not share the product's, or a mistake there would hide here.
 */

/** Which `thinking.type` a model takes: none, `enabled` with a budget, both, or only `adaptive`. */
type Thinking = "none" | "budget" | "both" | "adaptive";

/** `free`: all; `one`: temperature or top_p, not both; `fixed`: temperature 1 and nothing else. */
type Sampling = "free" | "one" | "fixed";

export interface ClaudeRules {
  /** The id in answers: dated on older models, not on newer ones (4a.6). */
  wireId: string;
  /** Tokens of the prompt. */
  context: number;
  /** Tokens of the prompt with the beta `context-1m-2025-08-07`. */
  longContext?: number;
  maxOutput: number;
  thinking: Thinking;
  sampling: Sampling;
  /** A conversation may end with an assistant message. */
  prefill: boolean;
  /** `tool_choice` may force a tool while thinking is on. */
  forcedToolWhileThinking: boolean;
  /** Longest edge in pixels when a request holds several images. */
  manyImagesEdge: number;
  /** Betas of the general list that this model alone refuses. */
  refusedBetas: readonly string[];
}

const OLD: Omit<ClaudeRules, "wireId"> = {
  context: 200_000,
  maxOutput: 4_096,
  thinking: "none",
  sampling: "free",
  prefill: true,
  forcedToolWhileThinking: false,
  manyImagesEdge: 2_000,
  refusedBetas: [],
};
const BUDGET: typeof OLD = { ...OLD, maxOutput: 64_000, thinking: "budget" };
const V45: typeof OLD = { ...BUDGET, sampling: "one" };
const V46: typeof OLD = { ...V45, context: 1_000_000, thinking: "both", manyImagesEdge: 1_568 };
const V47: typeof OLD = {
  ...V46,
  maxOutput: 128_000,
  thinking: "adaptive",
  sampling: "fixed",
  prefill: false,
  manyImagesEdge: 2_576,
};
const LONG = { longContext: 1_000_000 };

export const CLAUDE_MODELS: Readonly<Record<string, ClaudeRules>> = {
  "anthropic--claude-4.8-opus": { ...V47, wireId: "claude-opus-4-8", forcedToolWhileThinking: true },
  // claude-code#49370 and #49648 report this beta refused on 4.7; live probes on the others took it.
  "anthropic--claude-4.7-opus": { ...V47, wireId: "claude-opus-4-7", refusedBetas: ["claude-code-20250219"] },
  "anthropic--claude-4.6-opus": { ...V46, wireId: "claude-opus-4-6", maxOutput: 128_000, prefill: false },
  "anthropic--claude-4.6-sonnet": { ...V46, wireId: "claude-sonnet-4-6" },
  "anthropic--claude-4.5-opus": { ...V45, wireId: "claude-opus-4-5-20251101" },
  "anthropic--claude-4.5-sonnet": { ...V45, ...LONG, wireId: "claude-sonnet-4-5-20250929" },
  "anthropic--claude-4.5-haiku": { ...V45, wireId: "claude-haiku-4-5-20251001" },
  "anthropic--claude-4-opus": { ...BUDGET, wireId: "claude-opus-4-20250514", maxOutput: 32_000 },
  "anthropic--claude-4-sonnet": { ...BUDGET, ...LONG, wireId: "claude-sonnet-4-20250514" },
  "anthropic--claude-3.7-sonnet": { ...BUDGET, wireId: "claude-3-7-sonnet-20250219" },
  "anthropic--claude-3.5-sonnet": { ...OLD, wireId: "claude-3-5-sonnet-20241022", maxOutput: 8_192 },
  "anthropic--claude-3-opus": { ...OLD, wireId: "claude-3-opus-20240229" },
  "anthropic--claude-3-sonnet": { ...OLD, wireId: "claude-3-sonnet-20240229" },
  "anthropic--claude-3-haiku": { ...OLD, wireId: "claude-3-haiku-20240307" },
};
