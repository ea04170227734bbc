/**
 * The rules of each model, as protocol.md 4 and 5.2 merge them from live probes (2026-05 to 2026-08). The sandbox's
 * own tables: they must not share the product's, or a mistake there would hide here.
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

/** The rules of each Gemini model on Vertex (protocol.md 4c and 5.2; Google's thinking guide, 2026-11). */
export interface GeminiRules {
  /** Tokens of the prompt. */
  context: number;
  maxOutput: number;
  /** What a `thinkingBudget` may be beside -1; absent where the model takes a level instead. */
  budget?: { least: number; most: number; canStop: boolean };
  levels: readonly string[];
  /** A function call of the current turn has to bring back its `thoughtSignature`. */
  needsSignatures: boolean;
}

const GEMINI: Omit<GeminiRules, "levels" | "needsSignatures"> = { context: 1_048_576, maxOutput: 65_536 };
const GEMINI_3: GeminiRules = {
  ...GEMINI,
  levels: ["MINIMAL", "LOW", "MEDIUM", "HIGH"],
  needsSignatures: true,
};
const gemini25 = (least: number, most: number, canStop: boolean): GeminiRules => ({
  ...GEMINI,
  budget: { least, most, canStop },
  levels: [],
  needsSignatures: false,
});

export const GEMINI_MODELS: Readonly<Record<string, GeminiRules>> = {
  "gemini-2.5-pro": gemini25(128, 32_768, false),
  "gemini-2.5-flash": gemini25(1, 24_576, true),
  "gemini-2.5-flash-lite": gemini25(512, 24_576, true),
  "gemini-3.1-flash-lite": GEMINI_3,
  "gemini-3.5-flash": GEMINI_3,
};

/** The rules of each GPT and o model on Azure (protocol.md 4b and 5.2). */
export interface AzureRules {
  /** The id in answers; from 5 on an internal one. */
  wireId: string;
  context: number;
  maxOutput: number;
  chat: boolean;
  responses: boolean;
  /** Efforts that it takes; empty for a model that does not reason. */
  efforts: readonly string[];
  /** Chat takes an effort beside function tools. */
  toolsWithEffort: boolean;
}

const PLAIN_GPT: Omit<AzureRules, "wireId" | "context" | "maxOutput"> = {
  chat: true,
  responses: false,
  efforts: [],
  toolsWithEffort: true,
};
const GPT_5: Omit<AzureRules, "wireId"> = {
  ...PLAIN_GPT,
  context: 272_000,
  maxOutput: 128_000,
  responses: true,
  efforts: ["minimal", "low", "medium", "high"],
};
const GPT_54: Omit<AzureRules, "wireId"> = {
  ...GPT_5,
  context: 922_000,
  efforts: ["none", "low", "medium", "high", "xhigh"],
  toolsWithEffort: false,
};

export const AZURE_MODELS: Readonly<Record<string, AzureRules>> = {
  "gpt-5.5": { ...GPT_54, wireId: "gpt-5.5-2026-05-12-dz-std" },
  "gpt-5.4": { ...GPT_54, wireId: "gpt-5.4-2026-03-05-dz-std" },
  "gpt-5.3-codex": {
    ...GPT_5,
    wireId: "gpt-5.3-codex-2026-02-24-dz-std",
    chat: false,
    efforts: ["low", "medium", "high", "xhigh"],
  },
  "gpt-5": { ...GPT_5, wireId: "gpt-5-2025-08-07-dz-std" },
  "gpt-5-mini": { ...GPT_5, wireId: "gpt-5-mini-2025-08-07-dz-std" },
  "gpt-4.1": { ...PLAIN_GPT, wireId: "gpt-4.1-2025-04-14", context: 1_047_576, maxOutput: 32_768 },
  "gpt-4o": { ...PLAIN_GPT, wireId: "gpt-4o-2024-08-06", context: 128_000, maxOutput: 16_384 },
  "o3-mini": {
    ...PLAIN_GPT,
    wireId: "o3-mini-2025-01-31",
    context: 200_000,
    maxOutput: 100_000,
    efforts: ["low", "medium", "high"],
  },
};

/** The rules of each model behind an OpenAI-compatible executable (protocol.md 4d and 5.2). */
export interface CompatibleRules {
  context: number;
  maxOutput: number;
  tools: boolean;
  efforts: readonly string[];
}

const TOOLS_ONLY = { tools: true, efforts: [] };

export const COMPATIBLE_MODELS: Readonly<Record<string, CompatibleRules>> = {
  "mistralai--mistral-medium": {
    context: 262_144,
    maxOutput: 262_144,
    tools: true,
    efforts: ["none", "high"],
  },
  "mistralai--mistral-medium-instruct": { ...TOOLS_ONLY, context: 128_000, maxOutput: 128_000 },
  "meta--llama3.1-70b-instruct": { ...TOOLS_ONLY, context: 128_000, maxOutput: 8_192 },
  sonar: { context: 128_000, maxOutput: 8_000, tools: false, efforts: [] },
  "sonar-pro": { context: 200_000, maxOutput: 8_000, tools: false, efforts: [] },
};

/** The rules of each Nova model behind Converse (protocol.md 4d and 5.2). */
export interface NovaRules {
  context: number;
  maxOutput: number;
  images: boolean;
}

export const NOVA_MODELS: Readonly<Record<string, NovaRules>> = {
  "amazon--nova-pro": { context: 300_000, maxOutput: 8_192, images: true },
  "amazon--nova-lite": { context: 1_000_000, maxOutput: 64_000, images: true },
  "amazon--nova-micro": { context: 128_000, maxOutput: 8_192, images: false },
};
