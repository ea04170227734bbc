/** Faults as data: what to match, what to answer instead, how to disturb what is sent. */
import type { Json, JsonObject } from "../hub/json.ts";
import { type Answer, json, text } from "./answer.ts";
import type { SseQuirk } from "./frames.ts";
import type { RequestRecord } from "./request-log.ts";

interface Target {
  /** A pattern over path and query. Without it a fault meets inference calls only. */
  path?: string | RegExp;
  /** Deployment id. */
  deployment?: string;
  model?: string;
  /** How many requests it meets; 1 by default. */
  times?: number;
}

/** Answers that take the place of the real one; the request is not looked at. */
interface Replacement {
  status?: number;
  /** Alone, without a status, they are added to the real answer. */
  headers?: Record<string, string>;
  /** A string goes out as plain text, anything else as JSON. */
  body?: Json;
  /** 200, then this one event, then the end. */
  firstEvent?: JsonObject;
  /** A `Location`, with status 302 unless `status` says otherwise. */
  redirect?: string;
}

/** What happens on the wire to whatever is answered. */
export interface Disturbance {
  /** Milliseconds before the headers. */
  delay?: number;
  /** Not one byte, ever. */
  silence?: boolean;
  /** These bytes (Latin-1) instead of HTTP, then the end of the connection. */
  garbage?: string;
  /** Streams: so many events, then `ending`. */
  afterEvents?: number;
  ending?: "reset" | "end" | "silence" | JsonObject;
  /** Writes cut into pieces of so many bytes; "bytes" is 1. */
  split?: number | "bytes";
  gzip?: boolean;
  /** A `Content-Length` that is not true. */
  contentLength?: number;
  sse?: SseQuirk[];
}

export type Fault = Target & Replacement & Disturbance;

const KEYS: readonly string[] = [
  ...["path", "deployment", "model", "times"],
  ...["status", "headers", "body", "firstEvent", "redirect"],
  ...["delay", "silence", "garbage", "afterEvents", "ending", "split", "gzip", "contentLength", "sse"],
];

interface Pending {
  fault: Fault;
  path: RegExp | undefined;
  left: number;
}

export class Faults {
  private pending: Pending[] = [];

  /**
   * Throws a TypeError that names a key it does not know (a misspelt fault must not pass as no fault), and a
   * SyntaxError for a path that is no pattern.
   */
  add(fault: Fault): void {
    const unknown = Object.keys(fault).find((key) => !KEYS.includes(key));
    if (unknown !== undefined)
      throw new TypeError(`unknown fault key "${unknown}"; known: ${KEYS.join(", ")}`);
    const path = fault.path === undefined ? undefined : new RegExp(fault.path);
    this.pending.push({ fault, path, left: fault.times ?? 1 });
  }

  clear(): void {
    this.pending = [];
  }

  /** The first fault set for this request; it counts as used. */
  take(record: RequestRecord): Fault | undefined {
    const entry = this.pending.find((one) => meets(one, record));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.pending = this.pending.filter((one) => one !== entry);
    return entry.fault;
  }
}

function meets({ fault, path }: Pending, record: RequestRecord): boolean {
  if (path === undefined ? record.kind !== "inference" : record.path.search(path) < 0) return false;
  if (fault.deployment !== undefined && fault.deployment !== record.deployment) return false;
  return fault.model === undefined || fault.model === record.model;
}

/** The answer that a fault puts in place of the real one, if it does. */
export function replacementOf(fault: Fault): Answer | undefined {
  if (fault.firstEvent !== undefined) {
    const headers = { "content-type": "text/event-stream", ...fault.headers };
    return { status: fault.status ?? 200, headers, events: [fault.firstEvent], framing: "sse" };
  }
  if (fault.redirect !== undefined) {
    return { status: fault.status ?? 302, headers: { location: fault.redirect, ...fault.headers }, body: "" };
  }
  if (fault.silence === true || fault.garbage !== undefined) return { status: 0, headers: {}, body: "" };
  if (fault.status === undefined) return undefined;
  const body = fault.body ?? "";
  const answer = typeof body === "string" ? text(fault.status, body) : json(fault.status, body);
  return { ...answer, headers: { ...answer.headers, ...fault.headers } };
}
