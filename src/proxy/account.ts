import type { Deployment } from "../aicore/deployment.ts";
import type { ApiError } from "../errors.ts";
import { type HubUsage, noUsage } from "../hub/messages.ts";
import type { Outcome, RequestRecord } from "../usage/request-record.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";

/** What becomes of one request to a model: gathered while it runs, told once when it is over. */
export class Account {
  requested: string | undefined;
  model: string | undefined;
  stream = false;
  usage: HubUsage = noUsage();
  readonly #exchange: Exchange;
  readonly #context: ProxyContext;
  readonly #dialect: string;
  #deployment: Deployment | undefined;
  #attempts = 0;
  #closed = false;

  constructor(exchange: Exchange, context: ProxyContext, dialect: string) {
    this.#exchange = exchange;
    this.#context = context;
    this.#dialect = dialect;
  }

  called(deployment: Deployment, calls: number): void {
    this.#deployment = deployment;
    this.#attempts = calls;
  }

  completed(): void {
    this.#close("completed", 200);
  }

  /** The answer never began, or began and broke; a client that left is neither. */
  failed(error: ApiError): void {
    const { response } = this.#exchange;
    const left = error.status === 499 || (response.destroyed && !response.writableFinished);
    if (left) this.#close("cancelled", 499);
    else if (response.headersSent) this.#close("broken", 200);
    else this.#close("failed", error.status);
  }

  #close(outcome: Outcome, status: number): void {
    if (this.#closed) return;
    this.#closed = true;
    const { id, arrivedAt } = this.#exchange;
    this.#context.record({
      id,
      at: arrivedAt,
      dialect: this.#dialect,
      requested: this.requested,
      model: this.model,
      deployment: this.#deployment?.id,
      profile: this.#deployment?.profile,
      stream: this.stream,
      outcome,
      status,
      attempts: this.#attempts,
      usage: this.usage,
      took: Date.now() - arrivedAt,
    });
  }
}

/** A request as one line of the log. */
export function fieldsOf(record: RequestRecord) {
  const { usage, id, dialect, requested, at: _at, ...rest } = record;
  return {
    request: id,
    ...rest,
    input: usage.input_tokens,
    cache_read: usage.cache_read_input_tokens,
    cache_write: usage.cache_creation_input_tokens,
    output: usage.output_tokens,
  };
}
