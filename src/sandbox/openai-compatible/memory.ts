/** What the OpenAI families remember between requests: prefixes for their cache, and stored responses. */
import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../hub/json.ts";
import { tokensOf } from "../claude/wire.ts";

/** Added to the prompt, so that figures of a test never agree by accident. */
const PRIME = 19;
/** Cached tokens come in steps; the real ones are of 128, from 1,024 on, too coarse for small tests. */
const STEP = 16;

/** A response that was stored: itself, and all that the next one has to go on from. */
export interface Stored {
  deployment: string;
  response: JsonObject;
  /** Its input and its output, those of the responses before it included. */
  items: JsonObject[];
}

export class Memory {
  readonly responses = new Map<string, Stored>();
  private readonly prefixes = new Set<string>();

  /**
   * The tokens of a prompt, made of these segments in order; how many of them were cached: those of the longest prefix
   * that an earlier request of the same deployment and cache key had; and how many are so from now on.
   */
  account(
    deployment: string,
    cacheKey: string,
    segments: readonly Json[],
  ): { prompt: number; cached: number; written: number } {
    const running = createHash("sha256").update(`${deployment}\n${cacheKey}`);
    let total = 0;
    let known = 0;
    for (const segment of segments) {
      running.update(`\n${JSON.stringify(segment)}`);
      const key = running.copy().digest("base64");
      total += tokensOf(segment);
      if (this.prefixes.has(key)) known = total;
      this.prefixes.add(key);
    }
    const cached = known - (known % STEP);
    return { prompt: total + PRIME, cached, written: total - (total % STEP) - cached };
  }
}
