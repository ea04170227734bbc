/** The prompt cache: prefixes that a deployment has seen, up to each block that was marked (quirk 32). */
import { createHash } from "node:crypto";
import { isObject, type Json } from "../../hub/json.ts";
import type { PromptUsage } from "./events.ts";
import { blocksOf, type ClaudeRequest, tokensOf } from "./wire.ts";

/** Added to the plain input, so that figures of a test never agree by accident. */
const PRIME = 17;
/** A prefix is looked for at so many blocks before each mark. */
const LOOK_BACK = 20;
const LIFETIME = { "5m": 5 * 60_000, "1h": 60 * 60_000 } as const;

type Ttl = keyof typeof LIFETIME;

/** One block of the prompt as the cache sees it: what was before it is in its key. */
interface Segment {
  key: string;
  tokens: number;
  mark: Ttl | undefined;
}

export class PromptCache {
  /** Prefix key → when it is forgotten. */
  private readonly written = new Map<string, number>();

  /** The input side of a request's usage. Every hit and every write renews what it touches. */
  account(deployment: string, request: ClaudeRequest, now = Date.now()): PromptUsage {
    const segments = segmentsOf(deployment, request);
    const marks = segments.flatMap(({ mark }, index) => (mark === undefined ? [] : [index]));
    const known = (index: number) => (this.written.get(segments[index]?.key ?? "") ?? 0) > now;
    const nearMark = (index: number) => marks.some((mark) => index <= mark && index > mark - LOOK_BACK);
    const hit = segments.findLastIndex((_, index) => nearMark(index) && known(index));
    const writes = { "5m": 0, "1h": 0 };
    let from = hit + 1;
    for (const index of marks) {
      const { key, mark = "5m" } = segments[index] ?? { key: "" };
      if (index >= from) {
        writes[mark] += weightOf(segments.slice(from, index + 1));
        from = index + 1;
      }
      this.written.set(key, now + LIFETIME[mark]);
    }
    return {
      input_tokens: weightOf(segments.slice(from)) + PRIME,
      cache_creation_input_tokens: writes["5m"] + writes["1h"],
      cache_read_input_tokens: weightOf(segments.slice(0, hit + 1)),
      cache_creation: {
        ephemeral_5m_input_tokens: writes["5m"],
        ephemeral_1h_input_tokens: writes["1h"],
      },
    };
  }
}

/** Tools, system, messages: the order in which the prompt is put together. */
function segmentsOf(deployment: string, { tools = [], system, messages }: ClaudeRequest): Segment[] {
  const pieces: [place: string, block: Json][] = [
    ...tools.map((tool): [string, Json] => ["tool", tool as unknown as Json]),
    ...blocksOf(system).map((block): [string, Json] => ["system", block]),
    ...messages.flatMap(({ role, content }) =>
      blocksOf(content).map((block): [string, Json] => [role, block]),
    ),
  ];
  const running = createHash("sha256").update(deployment);
  return pieces.map(([place, block]) => {
    const plain = JSON.stringify(block, withoutMark);
    running.update(`\n${place} ${plain}`);
    return { key: running.copy().digest("base64"), tokens: tokensOf(JSON.parse(plain)), mark: markOf(block) };
  });
}

/** A mark that moved on does not change the text that is cached. */
function withoutMark(key: string, value: unknown): unknown {
  return key === "cache_control" ? undefined : value;
}

function markOf(block: Json): Ttl | undefined {
  if (!isObject(block) || !isObject(block.cache_control)) return undefined;
  return block.cache_control.ttl === "1h" ? "1h" : "5m";
}

function weightOf(segments: readonly Segment[]): number {
  return segments.reduce((sum, { tokens }) => sum + tokens, 0);
}
