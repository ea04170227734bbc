/** Failures in a row that open the breaker, and how long it then stays open (security 4.3). */
const FAILURES = 5;
const OPEN_FOR = 15_000;

/**
 * Keeps calls away from a deployment that does not answer: after five failures in a row none is sent for 15 s, then
 * one, the probe, whose outcome decides. Only a connection that fails or a 5xx counts; whoever refuses a request is
 * alive.
 */
export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #openUntil = Number.NEGATIVE_INFINITY;
  #probing = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a call may be sent now. */
  get admits(): boolean {
    return this.#failures < FAILURES || (this.#now() >= this.#openUntil && !this.#probing);
  }

  get open(): boolean {
    return this.#failures >= FAILURES;
  }

  /** Milliseconds until the next call is worth a try. */
  get retryIn(): number {
    return this.open ? Math.max(0, this.#openUntil - this.#now()) : 0;
  }

  /** A call is sent: on an open breaker it is the probe. */
  depart(): void {
    if (this.open) this.#probing = true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#probing = false;
  }

  failed(): void {
    this.#failures += 1;
    this.#probing = false;
    if (this.open) this.#openUntil = this.#now() + OPEN_FOR;
  }

  /** The call ended without telling anything about its target: the client left. */
  undecided(): void {
    this.#probing = false;
  }
}
