/** Parameters of a query string, each checked; a refusal begins with the parameter's name. */
import { invalidRequest } from "../../errors.ts";
import type { Exchange } from "../exchange.ts";

const LONGEST = 200;

/**
 * The parameters of a request, of which it may have these and each of them once: a misspelt filter that nobody
 * noticed would give figures that nobody asked for.
 * @throws ApiError 400.
 */
export function parametersOf({ request }: Exchange, allowed: readonly string[]): Map<string, string> {
  const query = new URLSearchParams(request.url?.split("?", 2)[1] ?? "");
  const parameters = new Map<string, string>();
  for (const [name, value] of query) {
    if (!allowed.includes(name)) {
      const known = allowed.length > 0 ? `known are ${allowed.join(", ")}` : "this route takes none";
      throw invalidRequest(`${shown(name)}: There is no such parameter; ${known}`);
    }
    if (parameters.has(name)) throw invalidRequest(`${name}: May be given only once`);
    if (value.length > LONGEST) throw invalidRequest(`${name}: Has more than ${LONGEST} characters`);
    // As a form sends a field that was left empty.
    if (value !== "") parameters.set(name, value);
  }
  return parameters;
}

/** @throws ApiError 400. */
export function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= 1 && value <= most) return value;
  throw invalidRequest(`${name}: Input should be an integer from 1 to ${most}`);
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const ISO = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * A point in time, as milliseconds since 1970: so long ago (`90m`, `24h`, `7d`, `4w`), a day's beginning in UTC
 * (`2026-11-21`), or a time (`2026-11-21T15:04:05Z`; UTC where it names no zone).
 * @throws ApiError 400.
 */
export function timeIn(name: string, text: string, now: number): number {
  const [, count, unit = ""] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return Math.max(0, now - Number(count) * (UNITS[unit] ?? 0));
  const hasZone = !text.includes("T") || /(Z|[+-]\d\d:\d\d)$/.test(text);
  const time =
    ISO.test(text) && isDay(text.slice(0, 10)) ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw invalidRequest(`${name}: Input should be a duration such as 7d or 24h, a date or a time (ISO 8601)`);
}

/** `Date` reads a 30th of February as the 2nd of March. */
function isDay(day: string): boolean {
  const midnight = Date.parse(day);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}

function shown(name: string): string {
  return name.replace(/[^\w.-]/g, "?").slice(0, 40);
}
