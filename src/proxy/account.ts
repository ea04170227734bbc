import type { Deployment } from "../aicore/deployment.ts";
import type { ApiError } from "../errors.ts";
import { type HubUsage, isTold, noUsage } from "../hub/messages.ts";
import type { Outcome, RequestRecord, UsageSource } from "../usage/request-record.ts";
import { toolOf } from "../usage/tool.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";

/** Rough, for answers without counts: of a whole answer, and of a stream, whose frames outweigh their words. */
const BYTES_PER_TOKEN = 4;
const BYTES_PER_STREAMED_TOKEN = 40;

/** What becomes of one request to a model: gathered while it runs, told once when it is over. */
export class Account {
  requested: string | undefined;
  model: string | undefined;
  stream = false;
  /** See `namedSession`. */
  session: string | undefined;
  usage: HubUsage = noUsage();
  /** Bytes of the request; undefined where nothing can be guessed by them. */
  asked: number | undefined;
  readonly #exchange: Exchange;
  readonly #context: ProxyContext;
  readonly #dialect: string;
  #deployment: Deployment | undefined;
  #attempts = 0;
  #firstByte: number | undefined;
  #leave: (() => void) | undefined;
  #source: UsageSource = "reported";
  #closed = false;

  constructor(exchange: Exchange, context: ProxyContext, dialect: string) {
    this.#exchange = exchange;
    this.#context = context;
    this.#dialect = dialect;
    context.tally.begin();
  }

  /**
   * Before anything is sent: the request counts for its key from now on, unless its client has left already. A second
   * call changes nothing.
   * @throws ApiError 429 as `Gate.enter` tells it.
   */
  enter(): void {
    if (!this.#closed) this.#leave ??= this.#context.gate.enter(this.#exchange.key);
  }

  /** The answer begins. */
  began(): void {
    this.#firstByte = Date.now() - this.#exchange.arrivedAt;
  }

  called(deployment: Deployment, calls: number): void {
    this.#deployment = deployment;
    this.#attempts = calls;
  }

  completed(): void {
    this.#close("completed", 200, this.#source);
  }

  /**
   * A complete answer, before its last byte goes out: whoever has an answer finds it in the ledger.
   * @param written its bytes
   */
  settle(usage: HubUsage, written: number): void {
    if (isTold(usage)) this.usage = usage;
    else this.#guess(written);
    this.completed();
  }

  /** The answer told no counts at all: a guess, called one, rather than a cost of nothing (security F60). */
  estimate(usage: HubUsage): void {
    this.usage = usage;
    this.#source = "estimated";
  }

  /**
   * The answer never began, or began and broke; a client that left is neither.
   * For an upstream that was at work and had told nothing, what it may have cost is guessed: whoever hangs up early would
   * else pass every limit of tokens (security T33).
   * @param written bytes of the answer
   */
  failed(error: ApiError, written = 0): void {
    const { response } = this.#exchange;
    const left = error.status === 499 || (response.destroyed && !response.writableFinished);
    const mayHaveRun = this.#attempts > 0 && (left || response.headersSent);
    if (mayHaveRun && !isTold(this.usage)) this.#guess(written);
    const source = this.#source === "estimated" ? "estimated" : "partial";
    if (left) this.#close("cancelled", 499, source);
    else if (response.headersSent) this.#close("broken", 200, source);
    else this.#close("failed", error.status, source);
  }

  #guess(written: number): void {
    if (this.asked === undefined) return;
    const input_tokens = Math.ceil(this.asked / BYTES_PER_TOKEN);
    const output_tokens = Math.ceil(written / (this.stream ? BYTES_PER_STREAMED_TOKEN : BYTES_PER_TOKEN));
    this.estimate({ ...noUsage(), input_tokens, output_tokens });
  }

  #close(outcome: Outcome, status: number, usageSource: UsageSource): void {
    if (this.#closed) return;
    this.#closed = true;
    const { id, arrivedAt, key, request } = this.#exchange;
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
      usageSource,
      firstByte: this.#firstByte,
      took: Date.now() - arrivedAt,
      key: { id: key.id, name: key.name },
      tool: toolOf(request.headers),
      session: this.session,
      traceparent: traceparentOf(request.headers.traceparent),
    });
    // Only now, when it counts as spent.
    this.#leave?.();
  }
}

/** A request as one line of the log: what people look at first comes first, for a narrow terminal shows no more. */
export function fieldsOf(record: RequestRecord) {
  const { usage } = record;
  return {
    model: record.model,
    status: record.status,
    took: record.took,
    first_byte: record.firstByte,
    input: usage.input_tokens,
    cache_read: usage.cache_read_input_tokens,
    cache_write: usage.cache_creation_input_tokens,
    output: usage.output_tokens,
    tool: record.tool,
    key: record.key.name,
    requested: record.requested,
    dialect: record.dialect,
    stream: record.stream,
    attempts: record.attempts,
    profile: record.profile,
    deployment: record.deployment,
    session: record.session,
    usage_source: record.usageSource,
    request: record.id,
  };
}

function traceparentOf(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}
