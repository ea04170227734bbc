/**
 * What requests come to. Names and buckets of `gen_ai_*` are those of OpenTelemetry's conventions for generative AI (status
 * "development", November 2026) in Prometheus' spelling; what they have no word for is `aicore_*`. Labels take few values:
 * models of the catalogue, the first hundred keys, and words of ours.
 */
import { entryOf, KeySums, ModelSums, type Observed, type Spent } from "./sums.ts";
import type { Family, Labels, Series } from "./text.ts";

const PROVIDER = "sap.ai_core";
const MOST_KEYS = 100;
const OTHERS = "other";

/** All requests since the start; as much memory as there are models, and keys up to a hundred. */
export class RequestMetrics {
  readonly #models = new Map<string, ModelSums>();
  readonly #keys = new Map<string, KeySums>();

  add(observed: Observed): void {
    entryOf(this.#models, observed.model, () => new ModelSums(observed.operation)).add(observed);
    const { name } = observed.record.key;
    const known = this.#keys.has(name) || this.#keys.size < MOST_KEYS;
    entryOf(this.#keys, known ? name : OTHERS, () => new KeySums()).add(observed);
  }

  families(): Family[] {
    const models = [...this.#models].map(([model, sums]) => ({
      model,
      ...sums,
      labels: labelsOf(model, sums),
    }));
    const keys = [...this.#keys];
    return [
      {
        name: "gen_ai_client_token_usage",
        help: "Tokens of a request: input (from caches too) and output.",
        type: "histogram",
        series: models.flatMap(({ labels, input, output }) => [
          ...told([{ ...labels, gen_ai_token_type: "input" }, input]),
          ...told([{ ...labels, gen_ai_token_type: "output" }, output]),
        ]),
      },
      {
        name: "gen_ai_server_request_duration_seconds",
        help: "Time from a request's arrival to the end of its answer.",
        type: "histogram",
        series: models.flatMap(({ labels, durations }) =>
          [...durations].map(([error_type, duration]): Series => [{ ...labels, error_type }, duration]),
        ),
      },
      {
        name: "gen_ai_server_time_to_first_token_seconds",
        help: "Time from a request's arrival to the first byte of its stream.",
        type: "histogram",
        series: models.flatMap(({ labels, firstToken }) => told([labels, firstToken])),
      },
      {
        name: "aicore_requests_total",
        help: "Requests to models that are over, by how they ended.",
        type: "counter",
        series: models.flatMap(({ model, requests }) =>
          [...requests.values()].map(
            ({ dialect, outcome, count }): Series => [{ model, dialect, outcome }, count],
          ),
        ),
      },
      {
        name: "aicore_upstream_calls_total",
        help: "Calls to deployments, repetitions included.",
        type: "counter",
        series: models.flatMap(({ model, calls }) => told([{ model }, calls])),
      },
      {
        name: "aicore_tokens_total",
        help: "Tokens, by what SAP charges them as.",
        type: "counter",
        series: models.flatMap(({ model, spent }) => tokensOf({ model }, spent)),
      },
      {
        name: "aicore_capacity_units_total",
        help: "SAP capacity units, where the rate is known.",
        type: "counter",
        series: models.flatMap(({ model, spent }) => told([{ model }, spent.units])),
      },
      {
        name: "aicore_key_requests_total",
        help: "Requests to models that are over, by the API key that let them in.",
        type: "counter",
        series: keys.flatMap(([key, { requests }]) =>
          [...requests].map(([outcome, count]): Series => [{ key, outcome }, count]),
        ),
      },
      {
        name: "aicore_key_tokens_total",
        help: "Tokens, by the API key that let them in.",
        type: "counter",
        series: keys.flatMap(([key, { spent }]) => tokensOf({ key }, spent)),
      },
      {
        name: "aicore_key_capacity_units_total",
        help: "SAP capacity units, where the rate is known, by API key.",
        type: "counter",
        series: keys.flatMap(([key, { spent }]) => told([{ key }, spent.units])),
      },
    ];
  }
}

function labelsOf(model: string, { operation }: ModelSums): Labels {
  return {
    gen_ai_operation_name: operation,
    gen_ai_provider_name: PROVIDER,
    gen_ai_request_model: model,
  };
}

function tokensOf(labels: Labels, { tokens }: Spent): Series[] {
  return Object.entries(tokens).flatMap(([type, count]) => told([{ ...labels, type }, count]));
}

/** A series begins with its first count. */
function told(series: Series): Series[] {
  const [, value] = series;
  return (typeof value === "number" ? value : value.count) > 0 ? [series] : [];
}
