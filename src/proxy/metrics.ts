import type { Catalog } from "../catalog/catalog.ts";
import type { RequestRecord } from "../usage/request-record.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, writeHead } from "./exchange.ts";
import type { Instruments } from "./metrics-instruments.ts";
import type { Observed } from "./metrics-sums.ts";
import { text as anyText, type Operation } from "./operation.ts";
import { type Stats, statsNow } from "./stats.ts";

/** Requests that are remembered at most, until the package is loaded. */
const MOST_WAITING = 1_000;
/** And after: few enough that most of them are gone before V8 would move them to where garbage is dear. */
const MOST_UNCOUNTED = 64;

export const metricsOperation: Operation = {
  operationId: "metrics",
  summary: "Metrics for Prometheus",
  tags: ["state"],
  responses: {
    200: {
      description: "The text format of Prometheus, 0.0.4.",
      content: { "text/plain": { schema: anyText() } },
    },
  },
};

/** `GET /metrics`, in the text format of Prometheus. */
export async function showMetrics(exchange: Exchange, context: ProxyContext): Promise<void> {
  const { type, text } = await context.metrics.read(statsNow(context));
  const body = Buffer.from(text);
  writeHead(exchange, 200, { "content-type": type, "content-length": body.length });
  exchange.response.end(exchange.request.method === "HEAD" ? undefined : body);
}

/**
 * Counts requests for `/metrics`. The package that does it takes 30 ms to load, and most proxies, those of `aicore claude`
 * and its like, are never asked: requests are only remembered, and counted together when somebody reads, or when there
 * are many of them.
 */
export class Metrics {
  readonly #catalog: Catalog;
  readonly #unitsOf: (record: RequestRecord) => number | undefined;
  #waiting: RequestRecord[] = [];
  #instruments: Instruments | undefined;
  #loading: Promise<Instruments> | undefined;

  /** @param unitsOf capacity units, where they are known. */
  constructor(catalog: Catalog, unitsOf: (record: RequestRecord) => number | undefined) {
    this.#catalog = catalog;
    this.#unitsOf = unitsOf;
  }

  /** A request is over. */
  add(record: RequestRecord): void {
    this.#waiting.push(record);
    const { length } = this.#waiting;
    if (this.#instruments) {
      if (length >= MOST_UNCOUNTED) this.#count(this.#instruments);
    } else if (length >= MOST_WAITING && !this.#loading) {
      // Who asks for metrics is told why there are none; meanwhile nothing may pile up.
      this.#load().then(
        (instruments) => this.#count(instruments),
        () => {
          this.#waiting = [];
        },
      );
    }
  }

  /** All that was counted, and what is so now. */
  async read(now: Stats): Promise<{ type: string; text: string }> {
    const instruments = await this.#load();
    this.#count(instruments);
    return await instruments.read(now);
  }

  #load(): Promise<Instruments> {
    this.#loading ??= import("./metrics-instruments.ts").then(
      ({ Instruments }) => {
        this.#instruments ??= new Instruments();
        return this.#instruments;
      },
      (error: unknown) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }

  #count(instruments: Instruments): void {
    const records = this.#waiting;
    this.#waiting = [];
    instruments.observe(records.map((record) => this.#observed(record)));
  }

  /** Only names of the catalogue: what clients write would make series without end. */
  #observed(record: RequestRecord): Observed {
    const model = this.#catalog.models().find(({ id }) => id === record.model);
    const operation = model?.capabilities.family === "embedding" ? "embeddings" : "chat";
    return { record, model: model?.id ?? "other", operation, units: this.#unitsOf(record) };
  }
}
