import { ApiError } from "../errors.ts";
import type { ApiKey, Limits } from "./api-key.ts";
import { periodsOf } from "./spending-store.ts";
import { nextWindow, type Window } from "./windows.ts";

/** What a key has used in a period. */
export interface Spent {
  requests: number;
  tokens: number;
  capacityUnits: number;
}

/** What a key has used in a period of `SpendingRow`, finished requests that no poll has told yet included. */
export type SpentBy = (keyId: string, period: string) => Spent;

/** The requests of one key that are running. */
interface Running {
  count: number;
  /** The minute in which the last of them began, and how many of them did. */
  minute: string;
  begun: number;
}

interface WindowLimit {
  limit: "requestsPerMinute" | "tokensPerMinute" | "tokensPerDay" | "tokensPerMonth";
  window: Window;
  unit: "requests" | "tokens";
  /** How the window is told. */
  when: string;
}

/** In the order in which they are checked: what opens first is told first. */
const WINDOW_LIMITS: readonly WindowLimit[] = [
  { limit: "requestsPerMinute", window: "minute", unit: "requests", when: "this minute" },
  { limit: "tokensPerMinute", window: "minute", unit: "tokens", when: "this minute" },
  { limit: "tokensPerDay", window: "day", unit: "tokens", when: "today (UTC)" },
  { limit: "tokensPerMonth", window: "month", unit: "tokens", when: "this month (UTC)" },
];

const NO_RELEASE = () => {};

/**
 * Holds keys to their limits, before anything is sent for them. What a request costs is known when it is over: so a key
 * spends at most its limit and what was running when it was reached.
 */
export class Gate {
  readonly #running = new Map<string, Running>();
  readonly #spentBy: SpentBy | undefined;
  readonly #now: () => number;

  /** @param spentBy undefined where nobody counts: then only requests at the same time are limited. */
  constructor(spentBy?: SpentBy, now: () => number = Date.now) {
    this.#spentBy = spentBy;
    this.#now = now;
  }

  /**
   * Lets a request begin.
   * @returns what to call once, when it is over and `spentBy` knows of it
   * @throws ApiError 429 naming the key and the limit that it has reached, and when it opens
   */
  enter(key: ApiKey): () => void {
    if (!isCounted(key.limits)) return NO_RELEASE;
    const now = this.#now();
    const { minute } = periodsOf(now);
    const running = this.#running.get(key.id) ?? { count: 0, minute, begun: 0 };
    if (running.minute !== minute) Object.assign(running, { minute, begun: 0 });
    const refusal = this.#refusal(key, running, now);
    if (refusal) throw refusal;
    running.count++;
    running.begun++;
    this.#running.set(key.id, running);
    return () => {
      running.count--;
      if (running.minute === minute) running.begun--;
      if (running.count === 0) this.#running.delete(key.id);
    };
  }

  #refusal(key: ApiKey, running: Running, now: number): ApiError | undefined {
    const { concurrency, budget } = key.limits;
    if (concurrency !== undefined && running.count >= concurrency) return tooManyAtOnce(key, concurrency);
    const spentBy = this.#spentBy;
    if (!spentBy) return undefined;
    const periods = periodsOf(now);
    const full = WINDOW_LIMITS.find(({ limit, window, unit }) => {
      const most = key.limits[limit];
      if (most === undefined) return false;
      const begun = unit === "requests" ? running.begun : 0;
      return spentBy(key.id, periods[window])[unit] + begun >= most;
    });
    if (full) return windowFull(key, full, now);
    const isSpent = budget !== undefined && spentBy(key.id, periods.all).capacityUnits >= budget;
    return isSpent ? budgetSpent(key, budget) : undefined;
  }
}

/** Whether anything of a key has to be counted. */
export function isCounted({ models: _models, ...counts }: Limits): boolean {
  return Object.values(counts).some((limit) => limit !== undefined);
}

function tooManyAtOnce({ name }: ApiKey, most: number): ApiError {
  return new ApiError(429, `Key '${name}' has ${counted(most, "request")} running, as many as it may have.`, {
    hint: "The next can begin when one of them has ended.",
    retryAfter: 1,
  });
}

/** @param full the limit that is reached: its window opens by itself */
function windowFull(
  { name, limits }: ApiKey,
  { limit, window, unit, when }: WindowLimit,
  now: number,
): ApiError {
  const opens = nextWindow(window, now);
  const retryAfter = Math.max(1, Math.ceil((opens - now) / 1_000));
  const at = `${new Date(opens).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const most = counted(limits[limit] ?? 0, unit === "tokens" ? "token" : "request");
  return new ApiError(429, `Key '${name}' has used its ${most} for ${when}.`, {
    hint: window === "minute" ? `It can go on in ${retryAfter} s.` : `It can go on at ${at}.`,
    retryAfter,
    ...(window !== "minute" && { reason: "insufficient_quota" }),
  });
}

function budgetSpent({ name }: ApiKey, budget: number): ApiError {
  return new ApiError(429, `Key '${name}' has used its budget of ${counted(budget, "capacity unit")}.`, {
    hint: "It opens no more; ask whoever made it for another.",
    reason: "insufficient_quota",
  });
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
