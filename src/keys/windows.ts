import type { Periods } from "./spending-store.ts";

/** A period of `periodsOf` that ends: minutes, days and months of UTC, the same on every replica. */
export type Window = Exclude<keyof Periods, "all">;

/** When the next window opens; milliseconds since 1970. */
export function nextWindow(window: Window, at: number): number {
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
