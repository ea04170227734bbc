/** What a terminal shows in the end of all that was written to it, lines that have scrolled away included. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a terminal reads
const PIECES = /\u001b\[([0-9;?]*)[ -/]*([@-~])|\u001b\][^\u0007]*\u0007|[\s\S]/gu;

/**
 * As xterm reads it, as far as our program and Node's readline write it: line ends, going back, the cursor up, down and to
 * a column, erasing. Colours and modes show nothing.
 * @throws Error for a sequence that it does not know: a screen must not look better than it is.
 */
export function screenOf(written: string, columns: number): string[] {
  const screen = new Screen(columns);
  for (const [piece, parameters = "", final] of written.matchAll(PIECES)) {
    if (final !== undefined) screen.obey(final, parameters);
    else if (!piece.startsWith("\u001b")) screen.write(piece);
    else if (piece.length === 1) throw new Error(`an escape that is no sequence: ${JSON.stringify(written)}`);
  }
  return screen.lines;
}

class Screen {
  readonly #columns: number;
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  get lines(): string[] {
    return this.#rows.map((cells) =>
      Array.from(cells, (cell) => cell ?? " ")
        .join("")
        .trimEnd(),
    );
  }

  write(letter: string): void {
    if (letter === "\r") this.#column = 0;
    else if (letter === "\n") this.#goTo(this.#row + 1);
    else if (letter === "\b") this.#column = Math.max(0, this.#column - 1);
    else if (letter !== "\u0007") this.#put(letter);
  }

  obey(final: string, parameters: string): void {
    const number = Number.parseInt(parameters, 10);
    const steps = number || 1;
    if (final === "A") this.#goTo(Math.max(0, this.#row - steps));
    else if (final === "B") this.#goTo(this.#row + steps);
    else if (final === "C") this.#column += steps;
    else if (final === "D") this.#column = Math.max(0, this.#column - steps);
    else if (final === "G") this.#column = steps - 1;
    else if (final === "K") this.#eraseLine(number || 0);
    else if (final === "J") this.#eraseBelow(number || 0);
    else if (!"mhl".includes(final)) throw new Error(`no screen for ESC [ ${parameters}${final}`);
  }

  /** A letter behind the last column goes to the next line, as in every terminal. */
  #put(letter: string): void {
    if (this.#column >= this.#columns) {
      this.#goTo(this.#row + 1);
      this.#column = 0;
    }
    this.#cells[this.#column] = letter;
    this.#column += 1;
  }

  get #cells(): string[] {
    const cells = this.#rows[this.#row] ?? [];
    this.#rows[this.#row] = cells;
    return cells;
  }

  #goTo(row: number): void {
    while (this.#rows.length <= row) this.#rows.push([]);
    this.#row = row;
  }

  #eraseLine(which: number): void {
    const end = which === 0 ? this.#cells.length : this.#column + 1;
    const start = which === 0 ? this.#column : 0;
    if (which === 2) this.#cells.length = 0;
    else this.#cells.fill(" ", start, end);
  }

  #eraseBelow(which: number): void {
    if (which !== 0) throw new Error(`no screen for ESC [ ${which}J`);
    this.#eraseLine(0);
    this.#rows.length = this.#row + 1;
  }
}
