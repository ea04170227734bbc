/** One thing as lines of title and text, the texts aligned; those without a text are left out. */
import { clean } from "../log.ts";

export function renderFields(rows: readonly (readonly [title: string, text: string | undefined])[]): string {
  const told = rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== "");
  const width = Math.max(...told.map(([title]) => title.length));
  return told.map(([title, text]) => `${title.padEnd(width)}  ${clean(text)}\n`).join("");
}
