/** Sentences on a terminal: lines end between words, and what a person copies stays in one piece. Pure. */

/** What stands in backticks, a command that a sentence ends with, and otherwise a word. */
const PIECES = /`[^`]+`\S*|(?<=: |, or |See )(?:aicore|npm) .*?(?=[.,;)]* [A-Z]|[.,;)]*$|[,;] )\S*|\S+/g;

/**
 * The lines of `text`, none longer than `width` as far as its pieces allow. Lines that begin with a space are laid out
 * already and stay as they are.
 * @param width columns of the terminal; undefined (a pipe): nothing is changed.
 */
export function wrap(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  return text
    .split("\n")
    .flatMap((line) => (line.length <= width || line.startsWith(" ") ? [line] : wrapLine(line, width)))
    .join("\n");
}

/** One line of text as lines of at most `width`; a piece that is too long for one gets its own. */
export function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(PIECES) ?? []) {
    if (line !== "" && line.length + 1 + piece.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? piece : `${line} ${piece}`;
  }
  return [...lines, line];
}

/** Columns of the terminal; undefined on a pipe, and on a terminal that does not know its size. */
export function columnsOf(stream: NodeJS.WriteStream): number | undefined {
  return (stream.isTTY && stream.columns) || undefined;
}
