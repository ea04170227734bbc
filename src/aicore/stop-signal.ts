/**
 * What calls heed of an AbortSignal. Node makes one for 1 KB of garbage and as much CPU as a hash, and each listener of
 * it costs the same again (Node 20, 2026-11), so that a request has a `Stop` in its place.
 */
export interface StopSignal {
  readonly aborted: boolean;
  /** Why; undefined without a reason of its own. */
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A StopSignal and, in one object, its controller. */
export class Stop implements StopSignal {
  aborted = false;
  reason: unknown;
  #listeners: (() => void)[] = [];

  /** Tells all listeners, once. */
  abort(reason?: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    const told = this.#listeners;
    this.#listeners = [];
    for (const listener of told) listener();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }
}
