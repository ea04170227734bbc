const MOST = 100;
const EARNED = 0.1;

/**
 * Repeated calls in proportion to the traffic: each costs one, each answer earns a tenth (AWS SDKs keep such a quota
 * too). Where everything fails, retries would only add to the load that makes it fail.
 */
export class RetryBudget {
  #left = MOST;

  /** Whether one more call may be repeated; it is paid for with that. */
  spend(): boolean {
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  earn(): void {
    this.#left = Math.min(MOST, this.#left + EARNED);
  }
}
