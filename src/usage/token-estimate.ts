import { isObject, type Json, type JsonObject } from "../hub/json.ts";

/**
 * Counting without a tokenizer: SAP AI Core has no path for `count_tokens` (five clients of it agree, 2026). The
 * figures are those that such clients settled on; what they miss is learned per model from the usage of real answers.
 */
const BYTES_PER_TOKEN = 3.5;
const TOKENS_PER_IMAGE = 1_600;
/** A page of a PDF is some 50 kB and 2,500 tokens, text and picture together. */
const PDF_BYTES_PER_TOKEN = 20;
const LEAST_FOR_A_PDF = 2_500;
const TOKENS_PER_MESSAGE = 4;

/**
 * Input tokens of a Messages body: system, tools, messages. Bytes rather than characters, so that scripts with
 * several bytes a character, which also cost more tokens a character, are not counted short.
 */
export function estimateInputTokens(body: JsonObject): number {
  const messages = listOf(body.messages);
  const parts = [ofContent(body.system), ...listOf(body.tools).map(ofJson), ...messages.map(ofMessage)];
  return Math.ceil(parts.reduce((sum, tokens) => sum + tokens, 0));
}

function ofMessage(message: Json): number {
  return TOKENS_PER_MESSAGE + (isObject(message) ? ofContent(message.content) : 0);
}

function ofContent(content: Json | undefined): number {
  if (typeof content === "string") return ofText(content);
  return listOf(content).reduce<number>((sum, block) => sum + (isObject(block) ? ofBlock(block) : 0), 0);
}

function ofBlock(block: JsonObject): number {
  switch (block.type) {
    case "text":
      return ofContent(block.text);
    case "image":
      return TOKENS_PER_IMAGE;
    case "document":
      return ofDocument(isObject(block.source) ? block.source : {});
    case "thinking":
      return ofContent(block.thinking);
    case "redacted_thinking":
      return 0;
    case "tool_result":
      return ofContent(block.content);
    case "tool_use":
      return ofJson({ name: block.name ?? "", input: block.input ?? {} });
    default:
      return ofJson(block);
  }
}

function ofDocument(source: JsonObject): number {
  if (source.type === "text") return ofContent(source.data);
  if (source.type === "content") return ofContent(source.content);
  const bytes = typeof source.data === "string" ? (source.data.length * 3) / 4 : 0;
  return Math.max(LEAST_FOR_A_PDF, bytes / PDF_BYTES_PER_TOKEN);
}

function ofJson(value: Json): number {
  return ofText(JSON.stringify(value));
}

function ofText(text: string): number {
  return Buffer.byteLength(text) / BYTES_PER_TOKEN;
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** The weight of the newest observation. */
const SMOOTHING = 0.3;
const LEAST_FACTOR = 0.5;
const MOST_FACTOR = 2;
/** Answers that a model's factor is learned from at once; later ones only now and then, for estimating costs time. */
const LEARNING = 5;
const LEARNS_EVERY = 30_000;
/** Below this, what the host adds itself outweighs the text. */
const LEAST_TO_LEARN_FROM = 200;

/** Estimates that grow true: each model's factor follows what its real answers report. */
export class TokenEstimator {
  readonly #factors = new Map<string, number>();
  readonly #seen = new Map<string, { answers: number; at: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Whether an answer of this model would teach anything now. */
  wants(model: string): boolean {
    const seen = this.#seen.get(model);
    return !seen || seen.answers < LEARNING || this.#now() - seen.at >= LEARNS_EVERY;
  }

  /** Input tokens of a Messages body for this model. */
  count(model: string, body: JsonObject): number {
    return Math.ceil(estimateInputTokens(body) * this.factor(model));
  }

  /**
   * Learns from an answer: `reported` is the sum of its usage's input, cache read and cache creation tokens, `estimated`
   * what `estimateInputTokens` says of its request.
   */
  observe(model: string, estimated: number, reported: number): void {
    const { answers } = this.#seen.get(model) ?? { answers: 0 };
    this.#seen.set(model, { answers: answers + 1, at: this.#now() });
    if (estimated < LEAST_TO_LEARN_FROM || !(reported > 0)) return;
    const seen = Math.min(MOST_FACTOR, Math.max(LEAST_FACTOR, reported / estimated));
    this.#factors.set(model, this.factor(model) + SMOOTHING * (seen - this.factor(model)));
  }

  /** What an estimate for this model is multiplied with; 1 until something was learned. */
  factor(model: string): number {
    return this.#factors.get(model) ?? 1;
  }
}
