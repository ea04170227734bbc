/** Rows as CSV (RFC 4180, but for its line ends: programs on Unix want one letter). */
import type { Json } from "../hub/json.ts";
import { clean } from "../log.ts";

/**
 * @param rows null is an empty cell. Texts that a spreadsheet would take for a formula get a quote in front: names of
 * tools and models come from clients (OWASP, "CSV Injection").
 */
export function toCsv(titles: readonly string[], rows: readonly (readonly Json[])[]): string {
  return [titles, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}

function cell(value: Json): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = clean(value);
  const harmless = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
