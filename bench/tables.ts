/** Figures as text, and rows as tables: for a terminal and in Markdown. */
import type { Goal, Outcome } from "./goals.ts";
import { figuresOf } from "./goals.ts";
import { METRICS, type Metric, type Readings, type Subject } from "./readings.ts";
import { type Spread, spreadOf } from "./statistics.ts";

/** `58 ms`; with more than one figure `58 ms (55–63)`. */
export function spreadText(spread: Spread | undefined, metric: Metric, withUnit = true): string {
  if (!spread) return "–";
  const { unit, digits } = METRICS[metric];
  const name = withUnit && unit !== "" ? ` ${unit}` : "";
  return `${number(spread.median, digits)}${name}${range(spread, digits)}`;
}

/** `× 1.12 (1.08–1.15)`, or `+ 12 ms (11–14)`. */
export function comparedText({ goal, compared }: Outcome): string {
  if ("times" in goal.limit) return `× ${number(compared.median, 2)}${range(compared, 2)}`;
  const { unit, digits } = METRICS[goal.metric];
  return `+ ${number(compared.median, digits)} ${unit}${range(compared, digits)}`;
}

export function limitText({ limit, metric }: Goal): string {
  return "times" in limit ? `≤ × ${limit.times}` : `≤ + ${limit.plus} ${METRICS[metric].unit}`;
}

/** What a subject came to in a goal's own terms; a dash where it was not measured. */
export function figureText(goal: Goal, subject: Subject, readings: Readings): string {
  return spreadText(spreadOf(figuresOf(goal, subject, readings)), goal.metric);
}

/** Columns aligned, the first to the left; two spaces between. */
export function plainTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return all.map((row) => `  ${line(row)}\n`).join("");
}

/** Columns padded, as formatters of Markdown leave them. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |\n`;
  return line(header) + line(widths.map((width) => "-".repeat(width))) + rows.map(line).join("");
}

function range({ min, max }: Spread, digits: number): string {
  return min === max ? "" : ` (${number(min, digits)}–${number(max, digits)})`;
}

function number(figure: number, digits: number): string {
  return figure.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
