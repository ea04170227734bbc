/** Numbers from the command line and the environment. */
import { UsageError } from "../errors.ts";

/** @throws UsageError naming `source` unless the text is a whole number from 0 to 65535. */
export function portFrom(text: string, source: string): number {
  return wholeNumber(text, source, 65_535);
}

/** @throws UsageError naming `source` unless the text is a whole number from 0 to 3600. */
export function secondsFrom(text: string, source: string): number {
  return wholeNumber(text, source, 3_600);
}

/** A week, in seconds: timers of Node's take no more than 24 days, and fire at once beyond. */
const LONGEST = 604_800;
const UNITS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/**
 * Seconds of a duration such as `90s`, `15m` or `2h`; a bare number is seconds.
 * @throws UsageError naming `source` for anything else, for none at all, and for more than a week.
 */
export function durationFrom(text: string, source: string): number {
  const [, count = "", unit = "s"] = /^(\d{1,6})([smhd]?)$/i.exec(text) ?? [];
  const seconds = Number(count) * (UNITS[unit.toLowerCase() || "s"] ?? 1);
  if (seconds > 0 && seconds <= LONGEST) return seconds;
  throw new UsageError(
    "bad_duration",
    `${source}: expected a duration such as 90s, 15m or 2h, got "${text}".`,
  );
}

/** @throws UsageError naming `source` unless the text is a whole number up to a million. */
export function countFrom(text: string, source: string): number {
  return wholeNumber(text, source, 1_000_000);
}

function wholeNumber(text: string, source: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError("bad_number", `${source}: expected a whole number from 0 to ${most}, got "${text}".`);
}
