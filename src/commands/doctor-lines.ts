/** How a check is shown: one line on a pipe, aligned and wrapped with symbols on a terminal. Pure. */
import type { Outcome, Verdict } from "../doctor/check.ts";
import { clean, redact } from "../log.ts";
import type { Palette } from "../terminal/colors.ts";
import { wrapLine } from "../terminal/wrap.ts";

export interface LineStyle {
  paint: Palette;
  /** Columns of the terminal; undefined on a pipe. */
  width: number | undefined;
  /** Whether ✔ and its like can be shown. */
  symbols: boolean;
}

/** Of one section: titles stand in a column as wide as the longest. */
export interface Layout extends LineStyle {
  titles: number;
}

const WORDS: Record<Verdict, string> = { ok: "ok  ", warn: "warn", fail: "fail", skip: "skip" };
const SYMBOLS: Record<Verdict, string> = { ok: "✔", warn: "!", fail: "✖", skip: "-" };
const COLORS: Record<Verdict, keyof Palette> = { ok: "good", warn: "warning", fail: "bad", skip: "faint" };
/** With less beside the titles than this, texts go below them. */
const NARROW = 40;

/** Whether the locale says UTF-8; Windows' terminals do without saying so. */
export function showsSymbols(env: NodeJS.ProcessEnv, platform = process.platform): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
  return platform === "win32" || platform === "darwin" || /utf-?8/i.test(locale);
}

/** The lines of one check, each with its end. */
export function linesOf(title: string, outcome: Outcome, layout: Layout): string {
  const { paint, width, symbols } = layout;
  const { status, message, details = [], fix } = outcome;
  const color = paint[COLORS[status]];
  const mark = color(symbols ? SYMBOLS[status] : WORDS[status]);
  const indent = (symbols ? 1 : 4) + 1;
  const column = indent + layout.titles + 2;
  const below = [
    ...details,
    ...(fix === undefined ? [] : `${symbols ? "→" : "fix:"} ${fix}`.split("\n")),
  ].map(readable);
  if (width === undefined) {
    const lines = [
      `${mark} ${title}: ${readable(message)}`,
      ...below.map((line) => " ".repeat(indent + 1) + line),
    ];
    return ended(lines);
  }
  if (width - column < NARROW) {
    const lines = [message, ...below].map(readable).flatMap((text) => wrapped(text, width, indent));
    return ended([`${mark} ${title}`, ...lines]);
  }
  const [first = "", ...rest] = [readable(message), ...below].flatMap((text) => wrapped(text, width, column));
  return ended([`${mark} ${title.padEnd(layout.titles)}  ${first.trimStart()}`, ...rest]);
}

/** Words may come from elsewhere. Cleaned first: an escape sequence could hide the beginning of a secret. */
function readable(text: string): string {
  return redact(clean(text)).trim();
}

function ended(lines: readonly string[]): string {
  return lines.map((line) => `${line.trimEnd()}\n`).join("");
}

/** A text in lines that begin `indent` columns in. */
function wrapped(text: string, width: number, indent: number): string[] {
  return wrapLine(text, width - indent).map((line) => " ".repeat(indent) + line);
}
