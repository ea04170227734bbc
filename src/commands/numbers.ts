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

/** @throws UsageError naming `source` unless the text is a whole number up to a million. */
export function countFrom(text: string, source: string): number {
  return wholeNumber(text, source, 1_000_000);
}

function wholeNumber(text: string, source: string, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError("bad_number", `${source}: expected a whole number from 0 to ${most}, got "${text}".`);
}
