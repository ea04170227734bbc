import type { Catalog } from "../catalog/catalog.ts";
import type { RequestRecord } from "../usage/request-record.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, writeHead } from "./exchange.ts";
import type { Instruments, Observed } from "./metrics-instruments.ts";
import { text as anyText, type Operation } from "./operation.ts";
import { type Stats, statsNow } from "./stats.ts";

/** Requests that are remembered until somebody asks for metrics; with more, the instruments are made unasked. */
const MOST_WAITING = 1_000;

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
 * and its like, are never asked: it waits for the first reader, and until then requests are only remembered.
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
    if (this.#instruments) {
      this.#observe(this.#instruments, record);
      return;
    }
    this.#waiting.push(record);
    if (this.#waiting.length < MOST_WAITING || this.#loading) return;
    // Without it there are no metrics, which whoever asks for them is told; nothing may pile up meanwhile.
    this.#load().catch(() => {
      this.#waiting = [];
    });
  }

  /** All that was counted, and what is so now. */
  async read(now: Stats): Promise<{ type: string; text: string }> {
    const instruments = await this.#load();
    return await instruments.read(now);
  }

  #load(): Promise<Instruments> {
    this.#loading ??= import("./metrics-instruments.ts")
      .then(({ Instruments }) => {
        this.#instruments = new Instruments();
        for (const record of this.#waiting.splice(0)) this.#observe(this.#instruments, record);
        return this.#instruments;
      })
      .catch((error: unknown) => {
        this.#loading = undefined;
        throw error;
      });
    return this.#loading;
  }

  #observe(instruments: Instruments, record: RequestRecord): void {
    instruments.observe(record, this.#observed(record), this.#unitsOf(record));
  }

  /** Only names of the catalogue: what clients write would make series without end. */
  #observed(record: RequestRecord): Observed {
    const model = this.#catalog.models().find(({ id }) => id === record.model);
    const operation = model?.capabilities.family === "embedding" ? "embeddings" : "chat";
    return { model: model?.id ?? "other", operation };
  }
}
