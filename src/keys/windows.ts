/** The windows that limits count in: minutes, days and months of UTC, the same on every replica. */

export type Window = "minute" | "day" | "month";

/** Characters of an ISO time that name the window. */
const PRECISION: Record<Window, number> = { minute: 16, day: 10, month: 7 };

/** The period of `SpendingRow` that a time (milliseconds since 1970) falls in, such as `2026-11-21T15:04`. */
export function periodOf(window: Window, at: number): string {
  return new Date(at).toISOString().slice(0, PRECISION[window]);
}

/** When the next window opens; milliseconds since 1970. */
export function nextOf(window: Window, at: number): number {
  const time = new Date(at);
  const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
  switch (window) {
    case "minute":
      return Date.UTC(year, month, day, time.getUTCHours(), time.getUTCMinutes() + 1);
    case "day":
      return Date.UTC(year, month, day + 1);
    case "month":
      return Date.UTC(year, month + 1);
  }
}
