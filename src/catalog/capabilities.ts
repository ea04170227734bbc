import type { Capabilities, Family } from "../hub/capabilities.ts";
import type { Effort } from "../hub/messages.ts";
import { compareVersions, parseModelName } from "./names.ts";

/**
 * What models can do, by pattern, never by a list of releases. The one place in the program where a model's name
 * decides anything. Sources: limits of models.dev (2026) as other SAP AI Core clients carry them; thinking and
 * sampling as probed live on Bedrock behind SAP (May to September 2026).
 */

/** How a generation of Claude is asked to think, and what sampling it takes; the first row not newer than the model. */
const CLAUDE_GENERATIONS = [
  { from: [4, 7], thinking: "adaptive", sampling: "fixed" },
  { from: [4, 6], thinking: "both", sampling: "one" },
  { from: [4, 5], thinking: "budget", sampling: "one" },
  { from: [3, 7], thinking: "budget", sampling: "free" },
  { from: [0], thinking: "none", sampling: "free" },
] as const;

interface ClaudeLimits {
  variant: RegExp;
  from: readonly number[];
  contextWindow: number;
  maxOutputTokens: number;
  /** Whether `[1m]` is a switch; from 4.6 on the long window is the only one. */
  longContext?: true;
}

/** The first row whose variant fits and that is not newer than the model; a variant that we do not know is as an Opus. */
const CLAUDE_LIMITS: readonly ClaudeLimits[] = [
  { variant: /^sonnet$/, from: [4, 6], contextWindow: 1_000_000, maxOutputTokens: 64_000 },
  { variant: /^sonnet$/, from: [4], contextWindow: 200_000, maxOutputTokens: 64_000, longContext: true },
  { variant: /^sonnet$/, from: [3, 7], contextWindow: 200_000, maxOutputTokens: 64_000 },
  { variant: /^haiku$/, from: [4], contextWindow: 200_000, maxOutputTokens: 64_000 },
  { variant: /^(sonnet|haiku)$/, from: [3, 5], contextWindow: 200_000, maxOutputTokens: 8_192 },
  { variant: /^(sonnet|haiku)$/, from: [0], contextWindow: 200_000, maxOutputTokens: 4_096 },
  { variant: /./, from: [4, 6], contextWindow: 1_000_000, maxOutputTokens: 128_000 },
  { variant: /./, from: [4, 5], contextWindow: 200_000, maxOutputTokens: 64_000 },
  { variant: /./, from: [4], contextWindow: 200_000, maxOutputTokens: 32_000 },
  { variant: /./, from: [0], contextWindow: 200_000, maxOutputTokens: 4_096 },
];

const LONG_CONTEXT_BETA = "context-1m-2025-08-07";

type Traits = Partial<
  Pick<Capabilities, "images" | "tools" | "sampling" | "thinking" | "thinkingBudget" | "efforts">
>;

const PLAIN: Traits = {};
const SEES: Traits = { images: true };
const NO_TOOLS: Traits = { tools: false };
const BY_LEVEL: Traits = { images: true, thinking: "level" };

/** GPT from 5 on and the o-series reason by an effort and refuse sampling (protocol 4b.2 and 5.2, models.dev 2026). */
function byEffort(...efforts: Effort[]): Traits {
  return { images: true, sampling: "fixed", thinking: "level", efforts };
}

/** Mistral's newer models can be told to reason, or not to (protocol 5.2). */
const NONE_OR_HIGH: Traits = { images: true, thinking: "level", efforts: ["none", "high"] };

/** Gemini 2.5 thinks by a budget between bounds of its own (protocol 5.2; Google's "Thinking" page, 2026). */
function byBudget(least: number, most: number, canStop: boolean): Traits {
  return { images: true, thinking: "budget", thinkingBudget: { least, most, canStop } };
}

/**
 * The models of other makers: name (without the maker's prefix), family, context window, longest answer (both in
 * tokens), and what differs from a plain text model with tools. The first row that fits holds.
 */
const OTHERS: readonly (readonly [RegExp, Family, number, number, Traits])[] = [
  [/embed/, "embedding", 8_192, 0, NO_TOOLS],
  [/rerank/, "cohere", 4_096, 0, NO_TOOLS],
  [/^gpt-realtime/, "gpt", 32_000, 4_096, PLAIN],
  [/^gpt-3/, "gpt", 16_385, 4_096, PLAIN],
  [/^gpt-5($|-)/, "gpt", 400_000, 128_000, byEffort("minimal", "low", "medium", "high")],
  [/^gpt-5\.[0-3]-codex/, "gpt", 400_000, 128_000, byEffort("low", "medium", "high", "xhigh")],
  [/^gpt-5\.[0-3]($|-)/, "gpt", 400_000, 128_000, byEffort("none", "low", "medium", "high")],
  [/^gpt-5\.[45]($|-)/, "gpt", 1_050_000, 128_000, byEffort("none", "low", "medium", "high", "xhigh")],
  [
    /^gpt-([5-9]|\d\d)(\.|-|$)/,
    "gpt",
    1_050_000,
    128_000,
    byEffort("none", "low", "medium", "high", "xhigh", "max"),
  ],
  [/^gpt-4\.1/, "gpt", 1_047_576, 32_768, SEES],
  [/^gpt-4o/, "gpt", 128_000, 16_384, SEES],
  [/^gpt/, "gpt", 128_000, 4_096, PLAIN],
  [/^o\d/, "gpt", 200_000, 100_000, byEffort("low", "medium", "high")],
  [/^gemini.*-image/, "gemini", 65_536, 32_768, { images: true, tools: false }],
  [/^gemini-2\.5-pro/, "gemini", 1_048_576, 65_536, byBudget(128, 32_768, false)],
  [/^gemini-2\.5-flash-lite/, "gemini", 1_048_576, 65_536, byBudget(512, 24_576, true)],
  [/^gemini-2\.5/, "gemini", 1_048_576, 65_536, byBudget(1, 24_576, true)],
  [/^gemini-[12](\.|-|$)/, "gemini", 1_048_576, 8_192, SEES],
  [/^gemini/, "gemini", 1_048_576, 65_536, BY_LEVEL],
  [/^nova-pro/, "nova", 300_000, 8_192, SEES],
  [/^nova-micro/, "nova", 128_000, 8_192, PLAIN],
  [/^nova-premier/, "nova", 1_000_000, 10_000, SEES],
  [/^nova/, "nova", 1_000_000, 64_000, SEES],
  [/^titan/, "titan", 8_192, 4_096, NO_TOOLS],
  [/^mistral-medium$/, "mistral", 262_144, 262_144, NONE_OR_HIGH],
  [/^mistral-small$/, "mistral", 128_000, 128_000, NONE_OR_HIGH],
  [/^mistral-large/, "mistral", 128_000, 128_000, PLAIN],
  [/^mixtral/, "mistral", 32_768, 4_096, NO_TOOLS],
  [/^mi(ni)?stral/, "mistral", 128_000, 128_000, SEES],
  [/^sonar-pro/, "perplexity", 200_000, 8_000, NO_TOOLS],
  [/^sonar/, "perplexity", 128_000, 8_000, NO_TOOLS],
  [/^command/, "cohere", 256_000, 32_000, PLAIN],
  [/^llama3-/, "other", 8_192, 4_096, NO_TOOLS],
  [/^granite/, "other", 8_192, 4_096, NO_TOOLS],
  [/^sap-abap/, "other", 32_768, 4_096, PLAIN],
  [/^/, "other", 128_000, 8_192, PLAIN],
];

/**
 * The abilities of a model by SAP's name. A newer version than we know gets its family's newest rules, a model that
 * we do not know cautious defaults and the family "other"; nothing is refused.
 */
export function capabilitiesOf(sapModel: string): Capabilities {
  const name = parseModelName(sapModel);
  if (name.kind === "claude") return claude(name.variant, name.version);
  if (name.kind === "family") return claude(name.variant, undefined);
  return other(name.key);
}

/**
 * What cached tokens cost, as multiples of plain input: Anthropic's published multipliers; of other makers what their
 * price lists say of reading (OpenAI's since 2024-10, Google's 2026). Writing costs nothing extra there. Models that no
 * row fits are charged in full, since SAP tells no rates for caches and too much is a better guess than too little.
 */
const CLAUDE_CACHE = { read: 0.1, write5m: 1.25, write1h: 2 };
const CACHE_READS: readonly (readonly [RegExp, number])[] = [
  [/^gpt-([5-9]|\d\d)(\.|-|$)/, 0.1],
  [/^gpt-4\.1/, 0.25],
  [/^(gpt-4o|o1)/, 0.5],
  [/^gemini-(2\.5|[3-9]|\d\d)/, 0.1],
];

/** By SAP's name. */
export function cacheRatesOf(sapModel: string): typeof CLAUDE_CACHE {
  const name = parseModelName(sapModel);
  if (name.kind !== "other") return CLAUDE_CACHE;
  const [, read = 1] = CACHE_READS.find(([names]) => names.test(name.key)) ?? [];
  return { read, write5m: 1, write1h: 1 };
}

/** `version` is undefined where the name has none: the newest rules hold. */
function claude(variant: string, version: number[] | undefined): Capabilities {
  const reached = (row: { from: readonly number[] }) => !version || compareVersions(version, row.from) >= 0;
  const limits = first(CLAUDE_LIMITS, (row) => row.variant.test(variant) && reached(row));
  const generation = first(CLAUDE_GENERATIONS, reached);
  return {
    family: "claude",
    displayName: ["Claude", titled(variant), version?.join(".")].filter(Boolean).join(" "),
    contextWindow: limits.contextWindow,
    maxOutputTokens: limits.maxOutputTokens,
    ...(limits.longContext && { longContextWindow: 1_000_000, longContextBeta: LONG_CONTEXT_BETA }),
    thinking: generation.thinking,
    sampling: generation.sampling,
    images: true,
    tools: true,
  };
}

function other(key: string): Capabilities {
  const [, family, contextWindow, maxOutputTokens, traits] = first(OTHERS, ([names]) => names.test(key));
  return {
    family,
    displayName: titled(key),
    contextWindow,
    maxOutputTokens,
    thinking: "none",
    sampling: "free",
    images: false,
    tools: true,
    ...traits,
  };
}

/** The first row that fits; every table above ends with one that always does. */
function first<Row>(rows: readonly Row[], fits: (row: Row) => boolean): Row {
  const row = rows.find(fits);
  if (row === undefined) throw new Error("a table of capabilities lacks its last row");
  return row;
}

/** `gemini-2.5-flash` as "Gemini 2.5 Flash". */
function titled(key: string): string {
  return key
    .split("-")
    .map((word) => (word === "gpt" ? "GPT" : word.charAt(0).toUpperCase() + word.slice(1)))
    .join(" ");
}
