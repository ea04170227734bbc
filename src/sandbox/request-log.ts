/** Everything that the sandbox received, and a way to wait for it without sleeping. */
import type { IncomingMessage } from "node:http";

export type RequestKind = "token" | "management" | "inference" | "other";

export interface RequestRecord {
  /** Milliseconds since the epoch. */
  at: number;
  method: string;
  /** Path and query as they came. */
  path: string;
  headers: IncomingMessage["headers"];
  rawHeaders: string[];
  body: string;
  kind: RequestKind;
  /** Of the answer that was sent, or is about to be; 0 before that, and for good when a fault sends none. */
  status: number;
  /** Of inference calls: the id in the path, and the model if that deployment exists. */
  deployment?: string;
  model?: string;
  /** The caller hung up before the answer was complete. */
  aborted: boolean;
  /** The exchange is over, well or badly. */
  done: boolean;
  /** The answer went out to its last byte. */
  complete: boolean;
  /** A fault was put in the way of this request. */
  faulted: boolean;
  /** Why the strictness refused it. */
  refusal?: string;
}

type Predicate = (record: RequestRecord) => boolean;

/** A sandbox may stand for days: older records fall out of the log. */
const KEPT = 2_000;

export class RequestLog {
  readonly requests: RequestRecord[] = [];
  readonly refused: RequestRecord[] = [];
  private waiting: { predicate: Predicate; resolve: (record: RequestRecord) => void }[] = [];

  open(request: IncomingMessage): RequestRecord {
    const record: RequestRecord = {
      at: Date.now(),
      method: request.method ?? "GET",
      path: request.url ?? "/",
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: "",
      kind: "other",
      status: 0,
      aborted: false,
      done: false,
      complete: false,
      faulted: false,
    };
    this.requests.push(record);
    if (this.requests.length > KEPT) this.requests.shift();
    return record;
  }

  refuse(record: RequestRecord, reason: string): void {
    record.refusal = reason;
    this.refused.push(record);
    if (this.refused.length > KEPT) this.refused.shift();
  }

  /** Tells the waiting that a record changed. */
  touch(record: RequestRecord): void {
    const matched = this.waiting.filter(({ predicate }) => predicate(record));
    this.waiting = this.waiting.filter((one) => !matched.includes(one));
    for (const { resolve } of matched) resolve(record);
  }

  /** The first record that matches: one that is there, or one that comes or changes later. */
  waitFor(predicate: Predicate): Promise<RequestRecord> {
    const there = this.requests.find(predicate);
    if (there !== undefined) return Promise.resolve(there);
    return new Promise((resolve) => this.waiting.push({ predicate, resolve }));
  }
}
