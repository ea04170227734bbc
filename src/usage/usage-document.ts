/** Figures as JSON, for `aicore usage` and `/admin/usage` alike: snake_case, null where something is not known. */
import type { JsonObject } from "../hub/json.ts";
import type { UsageFigures } from "./usage-query.ts";

export type Sums = Omit<UsageFigures, "group">;

/** The sums of all groups. */
export function totalOf(rows: readonly UsageFigures[]): Sums {
  const sum = (of: (row: UsageFigures) => number) => rows.reduce((total, row) => total + of(row), 0);
  const known = rows.flatMap(({ capacityUnits }) => capacityUnits ?? []);
  return {
    requests: sum((row) => row.requests),
    inputTokens: sum((row) => row.inputTokens),
    cacheReadTokens: sum((row) => row.cacheReadTokens),
    cacheWriteTokens: sum((row) => row.cacheWriteTokens),
    cacheWrite1hTokens: sum((row) => row.cacheWrite1hTokens),
    outputTokens: sum((row) => row.outputTokens),
    reasoningTokens: sum((row) => row.reasoningTokens),
    capacityUnits: known.length === 0 ? undefined : known.reduce((units, more) => units + more, 0),
    unpriced: sum((row) => row.unpriced),
    estimated: sum((row) => row.estimated),
  };
}

export function figuresDocument(figures: Sums): JsonObject {
  return {
    requests: figures.requests,
    input_tokens: figures.inputTokens,
    cache_read_tokens: figures.cacheReadTokens,
    cache_write_tokens: figures.cacheWriteTokens,
    cache_write_1h_tokens: figures.cacheWrite1hTokens,
    output_tokens: figures.outputTokens,
    reasoning_tokens: figures.reasoningTokens,
    capacity_units: figures.capacityUnits === undefined ? null : rounded(figures.capacityUnits),
    unpriced: figures.unpriced,
    estimated: figures.estimated,
  };
}

/** To a millionth: what lies beyond is noise of the addition. */
export function rounded(amount: number): number {
  return Number(amount.toFixed(6));
}

/** All tokens of the prompts, from whatever cache. */
export function promptTokens({ inputTokens, cacheReadTokens, cacheWriteTokens }: Sums): number {
  return inputTokens + cacheReadTokens + cacheWriteTokens;
}

/** The part of the prompts that a cache held, from 0 to 1; undefined where there was no prompt. */
export function cacheHitRate(figures: Sums): number | undefined {
  const prompt = promptTokens(figures);
  return prompt === 0 ? undefined : figures.cacheReadTokens / prompt;
}
