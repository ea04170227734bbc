import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Embeddings } from "./types.ts";

/** OpenAI's list, which most hosts answer; its order is told by `index`. */
export function readOpenaiList({ data, usage }: JsonObject): Embeddings {
  const items = Array.isArray(data) ? data.filter(isObject) : [];
  const ordered = items.toSorted((a, b) => count(a.index) - count(b.index));
  return {
    vectors: ordered.map(({ embedding }) => numbersOf(embedding)).filter(({ length }) => length > 0),
    tokens: isObject(usage) ? count(usage.prompt_tokens) : 0,
  };
}

export function numbersOf(vector: Json | undefined): number[] {
  return Array.isArray(vector) ? vector.filter((value) => typeof value === "number") : [];
}

export function count(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}

/** The answers of hosts that take one input a call, put together. */
export function joined(answers: readonly Embeddings[]): Embeddings {
  return {
    vectors: answers.flatMap(({ vectors }) => vectors),
    tokens: answers.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}
