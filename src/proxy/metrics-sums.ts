import type { RequestRecord } from "../usage/request-record.ts";

/** A request that is over, and what is known of its model. */
export interface Observed {
  record: RequestRecord;
  /** A name of the catalogue, or "other". */
  model: string;
  operation: "chat" | "embeddings";
  /** Capacity units, where they are known. */
  units: number | undefined;
}

/** What requests of one model, dialect, outcome and key come to. */
export interface Sums {
  model: string;
  dialect: string;
  outcome: string;
  key: string;
  requests: number;
  /** Calls to upstreams. */
  calls: number;
  units: number;
  /** Disjoint: together all that was read and written. Reasoning is part of the output. */
  tokens: Record<"input" | "cache_read" | "cache_write_5m" | "cache_write_1h" | "output", number>;
}

export function sumsOf(records: readonly Observed[]): Sums[] {
  const groups = new Map<string, Sums>();
  for (const { record, model, units } of records) {
    const { dialect, outcome, key, attempts, usage } = record;
    const name = `${model} ${dialect} ${outcome} ${key.name}`;
    const sums = groups.get(name) ?? nothing(model, record);
    groups.set(name, sums);
    sums.requests += 1;
    if (attempts === 0) continue;
    const forAnHour = Math.min(usage.cache_creation_1h_tokens ?? 0, usage.cache_creation_input_tokens);
    sums.calls += attempts;
    sums.units += units ?? 0;
    sums.tokens.input += usage.input_tokens;
    sums.tokens.cache_read += usage.cache_read_input_tokens;
    sums.tokens.cache_write_5m += usage.cache_creation_input_tokens - forAnHour;
    sums.tokens.cache_write_1h += forAnHour;
    sums.tokens.output += usage.output_tokens;
  }
  return [...groups.values()];
}

function nothing(model: string, { dialect, outcome, key }: RequestRecord): Sums {
  const tokens = { input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 };
  return { model, dialect, outcome, key: key.name, requests: 0, calls: 0, units: 0, tokens };
}
