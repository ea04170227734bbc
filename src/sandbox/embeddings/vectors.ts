/** Vectors that depend on the text alone: equal texts are equal, others are far apart. */
import { createHash } from "node:crypto";
import type { Json } from "../../hub/json.ts";
import { tokensOf } from "../claude/wire.ts";

/** Of length 1, with numbers that survive 32 bits. */
export function vectorOf(input: Json, dimensions: number): number[] {
  const numbers = Array.from({ length: dimensions }, (_, index) => {
    const digest = createHash("sha256")
      .update(`${index} ${JSON.stringify(input)}`)
      .digest();
    return digest.readInt32LE(0) / 2 ** 31;
  });
  const length = Math.hypot(...numbers);
  return numbers.map((number) => Math.fround(number / length));
}

/** A token array counts as what it is. */
export function tokensIn(input: Json): number {
  return Array.isArray(input) ? input.length : tokensOf(input);
}

/** OpenAI's answer. */
export function listOf(inputs: readonly Json[], dimensions: number, model: string) {
  const prompt_tokens = inputs.reduce<number>((sum, input) => sum + tokensIn(input), 0);
  return {
    object: "list",
    data: inputs.map((input, index) => ({
      object: "embedding",
      index,
      embedding: vectorOf(input, dimensions),
    })),
    model,
    usage: { prompt_tokens, total_tokens: prompt_tokens },
  };
}
