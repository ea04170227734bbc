import type { ApiError } from "../errors.ts";

/** A `Retry-After` above it is told to the client at once (DESIGN 6). In seconds, as the header is. */
export const LONGEST_WAIT = 10;

const FIRST_BACKOFF = 500;
const LONGEST_BACKOFF = 8_000;

/**
 * What a 429 means for one model of one tenant, whose quota all its deployments there share. A short rest keeps
 * requests back; a long one only ranks the tenant last, for a quota may come back early and a user who has no other
 * tenant is better told by SAP than by us.
 */
export class Rest {
  readonly #now: () => number;
  readonly #random: () => number;
  #until = Number.NEGATIVE_INFINITY;
  #lastUntil = Number.NEGATIVE_INFINITY;
  #strikes = 0;
  #reason: ApiError | undefined;

  constructor(now: () => number, random: () => number) {
    this.#now = now;
    this.#random = random;
  }

  /** When requests are let through again. */
  get until(): number {
    return this.#until;
  }

  get resting(): boolean {
    return this.#now() < this.#until;
  }

  /** Whether others go first. */
  get rankedLast(): boolean {
    return this.#now() < this.#lastUntil;
  }

  /** What the tenant said last. */
  get reason(): ApiError | undefined {
    return this.#reason;
  }

  /**
   * A call that was sent at `sentAt` came back with a 429. Those that were under way when the rest began tell nothing
   * new: thirty refusals of one burst are one strike.
   */
  limited(error: ApiError, sentAt: number): void {
    this.#reason = error;
    const now = this.#now();
    const { retryAfter } = error;
    if (retryAfter !== undefined && retryAfter > LONGEST_WAIT) {
      this.#lastUntil = Math.max(this.#lastUntil, now + retryAfter * 1_000);
      return;
    }
    if (sentAt < this.#until && retryAfter === undefined) return;
    const pause = retryAfter === undefined ? this.#backoff() : retryAfter * 1_000;
    this.#until = Math.max(this.#until, now + pause);
  }

  succeeded(): void {
    this.#strikes = 0;
    this.#lastUntil = Number.NEGATIVE_INFINITY;
  }

  /** Half of it is certain, so that a rest is one. */
  #backoff(): number {
    const most = Math.min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** this.#strikes++);
    return most / 2 + (this.#random() * most) / 2;
  }
}
