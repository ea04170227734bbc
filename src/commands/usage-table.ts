/** The figures of `aicore usage` as a table, with bars where they help and there is room. */
import { bar } from "../terminal/bar.ts";
import type { Palette } from "../terminal/colors.ts";
import { amountsLike, percent, whole } from "../terminal/numbers.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { cacheHitRate, promptTokens, type Sums, totalOf } from "../usage/usage-document.ts";
import type { UsageFigures, UsageGroup } from "../usage/usage-query.ts";
import type { Unit } from "./usage-question.ts";

export interface TableOptions {
  by: readonly UsageGroup[];
  unit: Unit;
  /** Of a capacity unit; the column's title is its currency. */
  price: { amount: number; currency: string } | undefined;
  /** Columns of the terminal; undefined on a pipe, where there are no bars. */
  width: number | undefined;
  /** Whether it shows block letters. */
  blocks: boolean;
  paint: Palette;
}

interface Row {
  group: UsageFigures["group"];
  figures: Sums;
  isTotal: boolean;
}

const BAR = 16;
const LONG_BAR = 30;
const WIDE = 110;
const DAY = 24 * 3_600_000;

export function usageTable(figures: readonly UsageFigures[], options: TableOptions): string {
  const { by, unit, width, paint } = options;
  const shown = inOrder(withEmptyDays(figures, by), options);
  const total = totalOf(figures);
  const rows: Row[] = shown.map(({ group, ...sums }) => ({ group, figures: sums, isTotal: false }));
  if (rows.length > 1) rows.push({ group: {}, figures: total, isTotal: true });
  const measured = unit === "tokens" ? tokenColumns(rows, options) : costColumns(rows, total, options);
  const columns = [...by.map((group, at) => groupColumn(group, at === 0)), ...measured];
  const strong = columns.map((column) => ({
    ...column,
    paint: (cell: string, row: Row) => (row.isTotal && cell.trim() !== "" ? paint.strong(cell) : cell),
  }));
  return renderTable(strong, rows, width);
}

function groupColumn(group: UsageGroup, isFirst: boolean): Column<Row> {
  return {
    title: group,
    whole: group === "day",
    value: (row) => (row.isTotal ? (isFirst ? "Total" : "") : (row.group[group] ?? "-")),
  };
}

function tokenColumns(rows: readonly Row[], options: TableOptions): Column<Row>[] {
  const units = costsIn(rows, undefined);
  return [
    { ...number("Requests", ({ figures }) => whole(figures.requests)), spare: 4 },
    number("In", ({ figures }) => `${figures.estimated > 0 ? "~" : ""}${whole(promptTokens(figures))}`),
    { ...number("Cached", ({ figures }) => rateText(cacheHitRate(figures))), spare: 3 },
    { ...number("Cache read", ({ figures }) => whole(figures.cacheReadTokens)), spare: 7 },
    { ...number("Cache write", ({ figures }) => whole(figures.cacheWriteTokens)), spare: 7 },
    { ...number("Out", ({ figures }) => whole(figures.outputTokens)), spare: 1 },
    { ...number("Reasoning", ({ figures }) => whole(figures.reasoningTokens)), spare: 6 },
    { ...number("CU", ({ figures }) => units(figures)), spare: 2 },
    ...(options.by[0] === "day" ? bars(rows, options, tokensOf) : []),
  ];
}

function costColumns(rows: readonly Row[], total: Sums, options: TableOptions): Column<Row>[] {
  const { unit, price } = options;
  const costs = costsIn(rows, unit === "money" ? price?.amount : undefined);
  const { capacityUnits: all = 0 } = total;
  const share = ({ capacityUnits }: Sums) =>
    capacityUnits === undefined || all === 0 ? "-" : percent(capacityUnits / all);
  return [
    { ...number("Requests", ({ figures }) => whole(figures.requests)), spare: 4 },
    number(unit === "money" ? (price?.currency ?? "") : "CU", ({ figures }) => costs(figures)),
    { ...number("Share", ({ figures }) => share(figures)), spare: 1 },
    ...bars(rows, options, ({ capacityUnits = 0 }) => capacityUnits),
  ];
}

function number(title: string, value: (row: Row) => string): Column<Row> {
  return { title, value, align: "right", whole: true };
}

/** Costs as text: `?` where nothing is known, and `>` before what is only a part of it. */
function costsIn(rows: readonly Row[], price = 1): (figures: Sums) => string {
  const largest = Math.max(0, ...rows.map(({ figures }) => (figures.capacityUnits ?? 0) * price));
  const format = amountsLike(largest);
  return ({ capacityUnits, unpriced }) =>
    capacityUnits === undefined ? "?" : `${unpriced > 0 ? ">" : ""}${format(capacityUnits * price)}`;
}

/** None on a pipe, and none for a single row, which would always be a full one. */
function bars(rows: readonly Row[], options: TableOptions, of: (figures: Sums) => number): Column<Row>[] {
  const { width, blocks } = options;
  if (width === undefined || rows.length < 2) return [];
  const most = Math.max(...rows.filter(({ isTotal }) => !isTotal).map(({ figures }) => of(figures)));
  const long = width >= WIDE ? LONG_BAR : BAR;
  const value = ({ figures, isTotal }: Row) => (isTotal ? "" : bar(of(figures) / most, long, blocks));
  return [{ title: "", value, whole: true, spare: 5 }];
}

function tokensOf(figures: Sums): number {
  return promptTokens(figures) + figures.outputTokens;
}

function rateText(rate: number | undefined): string {
  return rate === undefined ? "-" : percent(rate);
}

/** The dearest first, except that days, and groups within groups, stay in order. */
function inOrder(rows: readonly UsageFigures[], { by, unit }: TableOptions): UsageFigures[] {
  if (by.length !== 1 || by[0] === "day") return [...rows];
  const weight = (row: UsageFigures) => (unit === "tokens" ? tokensOf(row) : (row.capacityUnits ?? 0));
  return rows.toSorted((a, b) => weight(b) - weight(a) || tokensOf(b) - tokensOf(a));
}

/** Days without a request between those that have some, so that the chart has as much room for each. */
function withEmptyDays(rows: readonly UsageFigures[], by: readonly UsageGroup[]): readonly UsageFigures[] {
  const days = rows.flatMap(({ group }) => group.day ?? []);
  const [first, last] = [days[0], days.at(-1)];
  if (by.length !== 1 || by[0] !== "day" || first === undefined || last === undefined) return rows;
  const count = (Date.parse(last) - Date.parse(first)) / DAY + 1;
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(Date.parse(first) + at * DAY).toISOString().slice(0, 10);
    return rows.find(({ group }) => group.day === day) ?? { group: { day }, ...NOTHING };
  });
}

const NOTHING: Sums = { ...totalOf([]), capacityUnits: 0 };
