/** Rows as an aligned text table. Pure: the width is given, nothing is written. */
import { clean } from "../log.ts";

export interface Column<Row> {
  title: string;
  value(row: Row): string;
  /** Numbers stand below each other at their ends. */
  align?: "right";
  /** Never shortened: ids, and whatever a person copies. */
  whole?: boolean;
  /** Left out where the terminal is too narrow, the highest number first. */
  spare?: number;
  /** Colours the finished cell. */
  paint?(cell: string, row: Row): string;
}

const GAP = "  ";
const CUT = "...";
const NARROWEST = 6;

/** A column with its finished cells. */
interface Filled<Row> {
  column: Column<Row>;
  cells: string[];
  width: number;
}

/**
 * @param width columns of the terminal; undefined (a pipe) means that nothing is shortened or left out.
 * @returns lines with a line end each; the title line first.
 */
export function renderTable<Row>(columns: Column<Row>[], rows: Row[], width?: number): string {
  const all = columns.map((column) => fill(column, rows));
  const filled = width === undefined ? all : fitted(withoutSpare(all, width), width);
  const titles = filled.map(({ column, width: size }) => pad(column.title.toUpperCase(), size, column.align));
  const lines = rows.map((row, at) =>
    filled.map(({ column, cells, width: size }) => {
      const cell = pad(cells[at] ?? "", size, column.align);
      return column.paint ? column.paint(cell, row) : cell;
    }),
  );
  return [titles, ...lines].map((line) => `${line.join(GAP).trimEnd()}\n`).join("");
}

function fill<Row>(column: Column<Row>, rows: Row[]): Filled<Row> {
  const cells = rows.map((row) => clean(column.value(row)).trim());
  return { column, cells, width: Math.max(column.title.length, ...cells.map(lengthOf)) };
}

function lineWidth<Row>(filled: Filled<Row>[]): number {
  return filled.reduce((sum, { width }) => sum + width, 0) + GAP.length * (filled.length - 1);
}

function withoutSpare<Row>(filled: Filled<Row>[], width: number): Filled<Row>[] {
  const ranks = filled.map(({ column }) => column.spare ?? 0);
  const highest = Math.max(...ranks);
  if (highest === 0 || lineWidth(filled) <= width) return filled;
  return withoutSpare(
    filled.filter((_, at) => ranks[at] !== highest),
    width,
  );
}

/** Shortens, and where that is not enough leaves out the last column, until the line fits or one column is left. */
function fitted<Row>(filled: Filled<Row>[], width: number): Filled<Row>[] {
  const shrunk = shrink(filled, width);
  return lineWidth(shrunk) <= width || filled.length === 1 ? shrunk : fitted(filled.slice(0, -1), width);
}

/** Takes from the widest column that may be shortened, again and again, until the line fits. */
function shrink<Row>(filled: Filled<Row>[], width: number): Filled<Row>[] {
  if (lineWidth(filled) <= width) return filled;
  const widest = filled
    .filter((each) => !each.column.whole && each.width > NARROWEST)
    .reduce<Filled<Row> | undefined>(
      (best, each) => (best && best.width >= each.width ? best : each),
      undefined,
    );
  if (!widest) return filled;
  return shrink(
    filled.map((each) => (each === widest ? { ...each, width: each.width - 1 } : each)),
    width,
  );
}

function pad(text: string, width: number, align?: "right"): string {
  const size = lengthOf(text);
  if (size <= width)
    return align ? text.padStart(text.length + width - size) : text + " ".repeat(width - size);
  return [...text].slice(0, Math.max(0, width - CUT.length)).join("") + CUT;
}

function lengthOf(text: string): number {
  return [...text].length;
}

/** How long ago, in the one unit that matters: "5m", "3h", "12d"; "-" when the time cannot be read. */
export function age(time: string, now = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(time)) / 1000);
  if (Number.isNaN(seconds)) return "-";
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** A number of tokens in few characters: 200000 is "200k". */
export function thousands(tokens: number): string {
  return tokens >= 1_000_000
    ? `${Number((tokens / 1_000_000).toFixed(2))}M`
    : `${Math.round(tokens / 1_000)}k`;
}
