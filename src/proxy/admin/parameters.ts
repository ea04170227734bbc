/** Parameters of a query string, each checked; a refusal begins with the parameter's name. */
import { invalidRequest } from "../../errors.ts";
import { momentIn } from "../../usage/moment.ts";
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

/** @throws ApiError 400 for what `momentIn` does not understand. */
export function timeIn(name: string, text: string, now: number): number {
  const time = momentIn(text, now);
  if (time !== undefined) return time;
  throw invalidRequest(`${name}: Input should be a duration such as 7d or 24h, a date or a time (ISO 8601)`);
}

function shown(name: string): string {
  return name.replace(/[^\w.-]/g, "?").slice(0, 40);
}
