import { fieldTexts, type LogEntry } from "../log.ts";
import type { Palette } from "./colors.ts";

/** Narrower than this no field would be left to see. */
const LEAST_WIDTH = 60;

/**
 * A line of the log for somebody who watches a terminal: the clock on the wall, the level in colour, then the fields,
 * faint, as far as the line goes; what says nothing (0, false) is left out. JSON has everything.
 * @param columns how wide the terminal is now; undefined where that is not known
 */
export function prettyLine(palette: Palette, columns: () => number | undefined): (entry: LogEntry) => string {
  const colours = {
    error: palette.bad,
    warn: palette.warning,
    info: palette.good,
    debug: palette.faint,
  };
  return ({ time, level, message, fields }) => {
    const width = Math.max(columns() ?? Number.POSITIVE_INFINITY, LEAST_WIDTH);
    const told = `${clockOf(time)} ${level.padEnd(5)} ${message} `;
    const telling = Object.entries(fields).filter(([, value]) => value !== 0 && value !== false);
    const rest = fieldTexts(Object.fromEntries(telling))
      .join(" ")
      .slice(0, Math.max(0, width - told.length));
    return [
      palette.faint(clockOf(time)),
      colours[level](level.padEnd(5)),
      message,
      rest && palette.faint(rest),
    ]
      .filter(Boolean)
      .join(" ");
  };
}

/** `15:04:05`, where the reader lives. */
function clockOf(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
