/** Counts wrong keys by address: guessing gets slow, and nobody with a right key is ever held up. */
export interface FailureLimiter {
  /** Notes a failure; tells the seconds to wait when there were too many in the last minute. */
  fail(address: string): number | undefined;
}

const WINDOW = 60_000;
const ALLOWED = 100;
const MOST_ADDRESSES = 10_000;

export function createFailureLimiter(now: () => number = Date.now): FailureLimiter {
  const windows = new Map<string, { until: number; failures: number }>();
  return {
    fail(address) {
      const time = now();
      let window = windows.get(address);
      if (!window || window.until <= time) {
        if (windows.size >= MOST_ADDRESSES) windows.clear();
        window = { until: time + WINDOW, failures: 0 };
        windows.set(address, window);
      }
      window.failures++;
      return window.failures > ALLOWED ? Math.ceil((window.until - time) / 1000) : undefined;
    },
  };
}
