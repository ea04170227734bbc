import type { HubUsage } from "../hub/messages.ts";

/**
 * How a request ended: answered in full; refused or failed before its answer began; broken in mid-stream, which its
 * client was told; left by its client.
 */
export type Outcome = "completed" | "failed" | "broken" | "cancelled";

export type UsageSource = "reported" | "partial" | "estimated";

/** One request to a model, told once, when it is over. */
export interface RequestRecord {
  /** `req_` and hex. */
  id: string;
  /** When it arrived; milliseconds since 1970. */
  at: number;
  dialect: string;
  /** The model as the client named it; undefined for a request that never said. */
  requested: string | undefined;
  /** SAP's name, the deployment's id and its profile; undefined when no deployment was reached. */
  model: string | undefined;
  deployment: string | undefined;
  profile: string | undefined;
  stream: boolean;
  outcome: Outcome;
  /** Of the answer, as its client got it. */
  status: number;
  /** Calls to upstreams. */
  attempts: number;
  usage: HubUsage;
  /** Whether the upstream told all of it, told only the beginning, or nothing, so that it is our guess. */
  usageSource: UsageSource;
  /** Milliseconds from its arrival to the first byte of its answer; undefined when there was none. */
  firstByte: number | undefined;
  /** Milliseconds from its arrival to its end. */
  took: number;
  /** Whose key let it in: id and name of an `ApiKey`. */
  key: { id: string; name: string };
  /** The program that asked, by its headers: `claude-code`, `codex`, … */
  tool: string | undefined;
  /** The conversation, as the client names it. */
  session: string | undefined;
  /** The client's own trace, as W3C's header of that name tells it. */
  traceparent: string | undefined;
}

/** Counts of requests by how they ended. */
export class Tally {
  readonly #counts: Record<Outcome, number> = { completed: 0, failed: 0, broken: 0, cancelled: 0 };

  add({ outcome }: RequestRecord): void {
    this.#counts[outcome] += 1;
  }

  get counts(): Readonly<Record<Outcome, number>> {
    return this.#counts;
  }
}
