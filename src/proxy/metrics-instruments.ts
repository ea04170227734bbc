/**
 * What is measured. Names and buckets of `gen_ai_*` are those of OpenTelemetry's conventions for generative AI (status
 * "development", November 2026) in Prometheus' spelling; what they have no word for is `aicore_*`. Labels take few values:
 * models of the catalogue, the first hundred keys, and words of ours.
 */
import { Counter, Histogram, Registry } from "prom-client";
import { promptOf } from "../hub/messages.ts";
import type { RequestRecord } from "../usage/request-record.ts";
import { stateGauges } from "./metrics-gauges.ts";
import { processMetrics } from "./metrics-process.ts";
import { type Observed, type Sums, sumsOf } from "./metrics-sums.ts";
import type { Stats } from "./stats.ts";

const TOKEN_BUCKETS = Array.from({ length: 14 }, (_, power) => 4 ** power);
const DURATION_BUCKETS = Array.from({ length: 15 }, (_, power) => 0.01 * 2 ** power);
/** The conventions end at 10 s; a long prompt takes longer. */
const FIRST_TOKEN_BUCKETS = [0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60];
const PROVIDER = "sap.ai_core";
const MOST_KEYS = 100;

const OF_GEN_AI = ["gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model"] as const;

export class Instruments {
  readonly #registry = new Registry();
  readonly #setState = stateGauges(this.#registry);
  /** Names of keys that have a series of their own. */
  readonly #keys = new Set<string>();

  readonly #usage = this.#histogram(
    "gen_ai_client_token_usage",
    "Tokens of a request: input (from caches too) and output.",
    [...OF_GEN_AI, "gen_ai_token_type"],
    TOKEN_BUCKETS,
  );
  readonly #duration = this.#histogram(
    "gen_ai_server_request_duration_seconds",
    "Time from a request's arrival to the end of its answer.",
    [...OF_GEN_AI, "error_type"],
    DURATION_BUCKETS,
  );
  readonly #firstToken = this.#histogram(
    "gen_ai_server_time_to_first_token_seconds",
    "Time from a request's arrival to the first byte of its stream.",
    OF_GEN_AI,
    FIRST_TOKEN_BUCKETS,
  );
  readonly #requests = this.#counter(
    "aicore_requests_total",
    "Requests to models that are over, by how they ended.",
    ["model", "dialect", "outcome"],
  );
  readonly #calls = this.#counter(
    "aicore_upstream_calls_total",
    "Calls to deployments, repetitions included.",
    ["model"],
  );
  readonly #tokens = this.#counter("aicore_tokens_total", "Tokens, by what SAP charges them as.", [
    "model",
    "type",
  ]);
  readonly #units = this.#counter(
    "aicore_capacity_units_total",
    "SAP capacity units, where the rate is known.",
    ["model"],
  );
  readonly #keyRequests = this.#counter(
    "aicore_key_requests_total",
    "Requests to models that are over, by the API key that let them in.",
    ["key", "outcome"],
  );
  readonly #keyTokens = this.#counter("aicore_key_tokens_total", "Tokens, by the API key that let them in.", [
    "key",
    "type",
  ]);
  readonly #keyUnits = this.#counter(
    "aicore_key_capacity_units_total",
    "SAP capacity units, where the rate is known, by API key.",
    ["key"],
  );

  /** Many at once: what is merely counted is added up first, for each count costs the package some 2 µs. */
  observe(records: readonly Observed[]): void {
    for (const observed of records) this.#time(observed);
    for (const sums of sumsOf(records)) this.#count(sums);
  }

  #time({ record, model, operation }: Observed): void {
    const { outcome, attempts, firstByte, stream, took, usage } = record;
    const labels = {
      gen_ai_operation_name: operation,
      gen_ai_provider_name: PROVIDER,
      gen_ai_request_model: model,
    };
    this.#duration.observe({ ...labels, error_type: errorTypeOf(record) }, took / 1_000);
    if (attempts === 0) return;
    if (stream && outcome === "completed" && firstByte !== undefined)
      this.#firstToken.observe(labels, firstByte / 1_000);
    this.#usage.observe({ ...labels, gen_ai_token_type: "input" }, promptOf(usage));
    this.#usage.observe({ ...labels, gen_ai_token_type: "output" }, usage.output_tokens);
  }

  #count({ model, dialect, outcome, key: name, requests, calls, units, tokens }: Sums): void {
    const key = this.#labelOf(name);
    this.#requests.inc({ model, dialect, outcome }, requests);
    this.#keyRequests.inc({ key, outcome }, requests);
    if (calls > 0) this.#calls.inc({ model }, calls);
    if (units > 0) {
      this.#units.inc({ model }, units);
      this.#keyUnits.inc({ key }, units);
    }
    for (const [type, count] of Object.entries(tokens)) {
      if (count === 0) continue;
      this.#tokens.inc({ model, type }, count);
      this.#keyTokens.inc({ key, type }, count);
    }
  }

  /** The whole document. */
  async read(now: Stats): Promise<{ type: string; text: string }> {
    this.#setState(now);
    const texts = await Promise.all([this.#registry.metrics(), processMetrics()]);
    return { type: this.#registry.contentType, text: texts.join("\n") };
  }

  #labelOf(name: string): string {
    if (this.#keys.has(name)) return name;
    if (this.#keys.size >= MOST_KEYS) return "other";
    this.#keys.add(name);
    return name;
  }

  #histogram<T extends string>(name: string, help: string, labelNames: readonly T[], buckets: number[]) {
    return new Histogram<T>({ name, help, labelNames, buckets, registers: [this.#registry] });
  }

  #counter<T extends string>(name: string, help: string, labelNames: readonly T[]) {
    return new Counter<T>({ name, help, labelNames, registers: [this.#registry] });
  }
}

/** Empty for an answer that is complete. */
function errorTypeOf({ outcome, status }: RequestRecord): string {
  if (outcome === "completed") return "";
  return outcome === "failed" ? String(status) : outcome;
}
