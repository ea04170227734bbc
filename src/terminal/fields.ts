/** One thing as lines of title and text, the texts aligned; those without a text are left out. */
import { clean } from "../log.ts";
import { wrapLine } from "./wrap.ts";

const GAP = 2;

/** @param width columns of the terminal; undefined (a pipe) means that no text goes on in another line. */
export function renderFields(
  rows: readonly (readonly [title: string, text: string | undefined])[],
  width?: number,
): string {
  const told = rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== "");
  const column = Math.max(...told.map(([title]) => title.length)) + GAP;
  const between = `\n${" ".repeat(column)}`;
  const linesOf = (text: string) => (width === undefined ? [text] : wrapLine(text, width - column));
  return told
    .map(([title, text]) => `${title.padEnd(column)}${linesOf(clean(text)).join(between)}\n`)
    .join("");
}
