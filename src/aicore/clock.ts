/** Time as the token needs it: a wall clock (it runs on in sleep) and a monotonic one (nobody sets it). */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now`. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes back, may stand still while the machine sleeps. */
  monotonic(): number;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
