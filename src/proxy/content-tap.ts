import type { Exchange } from "./exchange.ts";

/** What one exchange said, each side as the text that crossed the wire. */
export interface Content {
  /** The request's id, as in every other log. */
  request: string;
  /** When it arrived; milliseconds since 1970. */
  at: number;
  path: string;
  status: number;
  asked: string;
  answered: string;
}

/** Bytes of each side that are kept. */
const LIMIT = 4 * 1024 * 1024;

/**
 * Listens at an exchange that has a body and tells, once it is over, what was said: only with `--log-content`, so that
 * nobody else pays for it. It has to be called before anybody reads the body.
 */
export function tapContent(exchange: Exchange, tell: (content: Content) => void): void {
  const { id, request, response, path, arrivedAt } = exchange;
  if (request.method !== "POST") return;
  const asked = new Taken();
  const answered = new Taken();
  request.on("data", (chunk: Buffer) => asked.take(chunk));
  const { write, end } = response;
  const tap = <F extends typeof write | typeof end>(method: F) =>
    ((...args: unknown[]) => {
      answered.take(args[0]);
      return Reflect.apply(method, response, args);
    }) as F;
  response.write = tap(write);
  response.end = tap(end);
  exchange.tapped = true;
  response.once("close", () => {
    const { statusCode: status } = response;
    tell({ request: id, at: arrivedAt, path, status, asked: asked.text, answered: answered.text });
  });
}

/** The first bytes of a side. */
class Taken {
  readonly #chunks: Buffer[] = [];
  #size = 0;

  take(chunk: unknown): void {
    if (!(typeof chunk === "string" || Buffer.isBuffer(chunk)) || this.#size >= LIMIT) return;
    const bytes = Buffer.from(chunk as Buffer).subarray(0, LIMIT - this.#size);
    this.#chunks.push(bytes);
    this.#size += bytes.length;
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }
}
