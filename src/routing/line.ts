import type { StopSignal } from "../aicore/stop-signal.ts";
import { ApiError } from "../errors.ts";

const LONGEST = 100;
/** Between two who are let through after a rest: a quota that has just come back is not stormed. */
const STEP = 50;

interface Waiter {
  background: boolean;
  go(): void;
}

export interface Turn {
  /** A program waits for it, no person: those go after the others. */
  background: boolean;
  signal: StopSignal;
  /** Milliseconds that it may wait. */
  patience: number;
}

/**
 * The waiting line of one model while all its targets rest: first come, first served, people before programs, let
 * through one at a time and never more than a hundred long.
 */
export class Line {
  readonly #waiting: Waiter[] = [];
  readonly #readyIn: () => number;
  readonly #status: () => number;
  readonly #random: () => number;
  #timer: NodeJS.Timeout | undefined;

  /** `readyIn`: milliseconds until a target can be called, 0 for now; `status`: what the model rests after. */
  constructor(readyIn: () => number, status: () => number, random: () => number) {
    this.#readyIn = readyIn;
    this.#status = status;
    this.#random = random;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves when it is this request's turn.
   * @throws ApiError 429 (or the 529 that it rests after), reason "queue_full" or "queue_timeout"; never after `patience`. The signal ends the wait by
   * resolving, for the caller looks at it anyway.
   */
  wait({ background, signal, patience }: Turn): Promise<void> {
    if (this.#waiting.length >= LONGEST) throw this.#refused("queue_full");
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", gone);
        const at = this.#waiting.indexOf(waiter);
        if (at !== -1) this.#waiting.splice(at, 1);
      };
      const gone = () => {
        leave();
        resolve();
      };
      const timer = setTimeout(() => {
        leave();
        reject(this.#refused("queue_timeout"));
      }, patience);
      const waiter: Waiter = { background, go: gone };
      signal.addEventListener("abort", gone);
      this.#waiting.push(waiter);
      this.#schedule(this.#readyIn());
    });
  }

  #schedule(delay: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const still = this.#readyIn();
      if (still > 0) this.#schedule(still);
      else {
        (this.#waiting.find(({ background }) => !background) ?? this.#waiting[0])?.go();
        if (this.#waiting.length > 0) this.#schedule(STEP * (0.5 + this.#random()));
      }
    }, delay);
  }

  #refused(reason: string): ApiError {
    return new ApiError(
      this.#status(),
      "SAP AI Core limits this model for now, and others are waiting for it already.",
      {
        reason,
        retryAfter: Math.max(1, Math.ceil(this.#readyIn() / 1_000)),
      },
    );
  }
}
