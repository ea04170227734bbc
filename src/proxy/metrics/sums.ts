/** What requests come to, by model and by key. */
import { promptOf } from "../../hub/messages.ts";
import type { Outcome, RequestRecord } from "../../usage/request-record.ts";
import { Distribution } from "./distribution.ts";

/** A request that is over, and what is known of its model. */
export interface Observed {
  record: RequestRecord;
  /** A name of the catalogue, or "other". */
  model: string;
  operation: "chat" | "embeddings";
  /** Capacity units, where they are known. */
  units: number | undefined;
}

const TOKEN_BUCKETS = Array.from({ length: 14 }, (_, power) => 4 ** power);
const DURATION_BUCKETS = Array.from({ length: 15 }, (_, power) => 0.01 * 2 ** power);
/** The conventions end at 10 s; a long prompt takes longer. */
const FIRST_TOKEN_BUCKETS = [0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];

/** Tokens as SAP charges them, and what they cost. */
export class Spent {
  /** Disjoint: together all that was read and written. Reasoning is part of the output. */
  readonly tokens = { input: 0, cache_read: 0, cache_write_5m: 0, cache_write_1h: 0, output: 0 };
  units = 0;

  add({ usage }: RequestRecord, units = 0): void {
    const forAnHour = Math.min(usage.cache_creation_1h_tokens ?? 0, usage.cache_creation_input_tokens);
    this.tokens.input += usage.input_tokens;
    this.tokens.cache_read += usage.cache_read_input_tokens;
    this.tokens.cache_write_5m += usage.cache_creation_input_tokens - forAnHour;
    this.tokens.cache_write_1h += forAnHour;
    this.tokens.output += usage.output_tokens;
    this.units += units;
  }
}

export class ModelSums {
  readonly operation: Observed["operation"];
  calls = 0;
  readonly spent = new Spent();
  /** By dialect and outcome. */
  readonly requests = new Map<string, { dialect: string; outcome: Outcome; count: number }>();
  /** By `error_type`. */
  readonly durations = new Map<string, Distribution>();
  readonly firstToken = new Distribution(FIRST_TOKEN_BUCKETS);
  readonly input = new Distribution(TOKEN_BUCKETS);
  readonly output = new Distribution(TOKEN_BUCKETS);

  constructor(operation: Observed["operation"]) {
    this.operation = operation;
  }

  add({ record, units }: Observed): void {
    const { dialect, outcome, attempts, stream, firstByte, took, usage } = record;
    const requests = entryOf(this.requests, `${dialect} ${outcome}`, () => ({ dialect, outcome, count: 0 }));
    requests.count += 1;
    entryOf(this.durations, errorTypeOf(record), () => new Distribution(DURATION_BUCKETS)).add(took / 1_000);
    if (attempts === 0) return;
    this.calls += attempts;
    this.spent.add(record, units);
    if (stream && outcome === "completed" && firstByte !== undefined) this.firstToken.add(firstByte / 1_000);
    this.input.add(promptOf(usage));
    this.output.add(usage.output_tokens);
  }
}

export class KeySums {
  readonly spent = new Spent();
  readonly requests = new Map<Outcome, number>();

  add({ record, units }: Observed): void {
    const { outcome, attempts } = record;
    this.requests.set(outcome, (this.requests.get(outcome) ?? 0) + 1);
    if (attempts > 0) this.spent.add(record, units);
  }
}

export function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Empty for an answer that is complete. */
function errorTypeOf({ outcome, status }: RequestRecord): string {
  if (outcome === "completed") return "";
  return outcome === "failed" ? String(status) : outcome;
}
