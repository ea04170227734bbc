const DAY = 86_400_000;
const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY };
const ISO = /^(\d{4}-\d\d-\d\d)(t\d\d:\d\d(:\d\d(\.\d{1,9})?)?(z|[+-]\d\d:\d\d)?)?$/;

/**
 * A point in time as people write it, in milliseconds since 1970: so long ago (`90m`, `24h`, `7d`, `4w`), the beginning of a
 * day of UTC (`2026-11-21`, `today`, `yesterday`), or a time of ISO 8601, in UTC unless it names a zone. undefined: none.
 */
export function momentIn(text: string, now: number): number | undefined {
  const word = text.trim().toLowerCase();
  const today = now - (now % DAY);
  if (word === "today") return today;
  if (word === "yesterday") return today - DAY;
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(word) ?? [];
  return count === undefined ? timeIn(word) : Math.max(0, now - Number(count) * (UNITS[unit] ?? 0));
}

/** A day that no month has is none: JavaScript would make the next month's of it. */
function timeIn(word: string): number | undefined {
  const [, day = "", clock, , , zone] = ISO.exec(word) ?? [];
  const midnight = Date.parse(day);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  if (clock === undefined) return midnight;
  const time = Date.parse((zone === undefined ? `${word}z` : word).toUpperCase());
  return Number.isNaN(time) ? undefined : time;
}
