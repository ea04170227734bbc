import type { Catalog } from "../../catalog/catalog.ts";
import type { RequestRecord } from "../../usage/request-record.ts";
import type { ProxyContext } from "../context.ts";
import { type Exchange, writeHead } from "../exchange.ts";
import { text as anyText, type Operation } from "../operation.ts";
import { type Stats, statsNow } from "../stats.ts";
import { RequestMetrics } from "./requests.ts";
import { stateFamilies } from "./state.ts";
import { TEXT_TYPE, textOf } from "./text.ts";

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
  const body = Buffer.from(await context.metrics.read(statsNow(context)));
  writeHead(exchange, 200, { "content-type": TEXT_TYPE, "content-length": body.length });
  exchange.response.end(exchange.request.method === "HEAD" ? undefined : body);
}

/** What `/metrics` tells: sums of requests, kept all the time, and what is looked up when somebody asks. */
export class Metrics {
  readonly #catalog: Catalog;
  readonly #unitsOf: (record: RequestRecord) => number | undefined;
  readonly #requests = new RequestMetrics();

  /** @param unitsOf capacity units, where they are known. */
  constructor(catalog: Catalog, unitsOf: (record: RequestRecord) => number | undefined) {
    this.#catalog = catalog;
    this.#unitsOf = unitsOf;
  }

  /** A request is over. Only names of the catalogue are told: what clients write would make series without end. */
  add(record: RequestRecord): void {
    const model = this.#catalog.models().find(({ id }) => id === record.model);
    const operation = model?.capabilities.family === "embedding" ? "embeddings" : "chat";
    this.#requests.add({ record, model: model?.id ?? "other", operation, units: this.#unitsOf(record) });
  }

  /** The whole document. The process' own metrics are those of prom-client, which takes 30 ms to load. */
  async read(now: Stats): Promise<string> {
    const { processMetrics } = await import("./process.ts");
    return `${textOf([...this.#requests.families(), ...stateFamilies(now)])}\n\n${await processMetrics()}`;
  }
}
