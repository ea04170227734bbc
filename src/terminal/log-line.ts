import { fieldTexts, type LogEntry } from "../log.ts";
import type { Palette } from "./colors.ts";

/** A line of the log for somebody who watches a terminal: the clock on the wall, the level in colour, the rest faint. */
export function prettyLine(palette: Palette): (entry: LogEntry) => string {
  const colours = {
    error: palette.bad,
    warn: palette.warning,
    info: palette.good,
    debug: palette.faint,
  };
  return ({ time, level, message, fields }) => {
    const rest = fieldTexts(fields).join(" ");
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
