/**
 * TOML as a list of statements with their places. Values are passed over, not read: enough to find a key, to see where a
 * table begins, and to tell what is not TOML. (TOML 1.0.0, toml.io, read November 2026.)
 */
import { MisfitError } from "./format.ts";

export interface Statement {
  kind: "pair" | "table";
  /** The whole way, with the table that a pair stands in. */
  at: string[];
  /** How many steps of it the table gives. */
  table: number;
  start: number;
  /** Of the value; of a table's name. */
  valueStart: number;
  end: number;
}

/** @throws MisfitError where it stops being TOML */
export function statementsOf(text: string): Statement[] {
  const reader = new Reader(text);
  const statements: Statement[] = [];
  let table: string[] = [];
  for (reader.skipBlank(); !reader.atEnd; reader.skipBlank()) {
    const start = reader.at;
    if (reader.takes("[")) {
      const list = reader.takes("[");
      table = reader.key();
      reader.expect(list ? "]]" : "]");
      statements.push({
        kind: "table",
        at: table,
        table: table.length,
        start,
        valueStart: start,
        end: reader.at,
      });
    } else {
      const key = reader.key();
      reader.expect("=");
      reader.skipSpace();
      const valueStart = reader.at;
      reader.value();
      statements.push({
        kind: "pair",
        at: [...table, ...key],
        table: table.length,
        start,
        valueStart,
        end: reader.at,
      });
    }
    reader.endOfLine();
  }
  return statements;
}

const BARE_KEY = /[A-Za-z0-9_-]+/y;
const SCALAR = /[^\s,\]}#"'=]+(?: [\d:.]+(?:Z|[+-][\d:]+)?)?/y;
const STRINGS = [
  /"""[\s\S]*?(?<!\\)(?:\\\\)*"{3,5}/y,
  /'''[\s\S]*?'{3,5}/y,
  /"(?:[^"\\\r\n]|\\.)*"/y,
  /'[^'\r\n]*'/y,
];
const SPACE = /[ \t]*/y;
const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y;

class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  skipSpace(): void {
    this.#match(SPACE);
  }

  skipBlank(): void {
    this.#match(BLANK);
  }

  takes(token: string): boolean {
    if (!this.#text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    this.skipSpace();
    if (!this.takes(token)) throw this.#misfit(`not valid TOML (${JSON.stringify(token)} expected)`);
  }

  /** A dotted key, its parts without quotes. */
  key(): string[] {
    const parts: string[] = [];
    do {
      this.skipSpace();
      const part = this.#match(BARE_KEY) ?? this.#string();
      if (part === undefined) throw this.#misfit("not valid TOML (a key expected)");
      parts.push(part.replace(/^(["'])(.*)\1$/s, "$2"));
      this.skipSpace();
    } while (this.takes("."));
    return parts;
  }

  value(): void {
    if (this.takes("[")) this.#list();
    else if (this.takes("{")) this.#inlineTable();
    else if (this.#string() === undefined && this.#match(SCALAR) === undefined) {
      throw this.#misfit("not valid TOML (a value expected)");
    }
  }

  endOfLine(): void {
    this.skipSpace();
    if (!this.atEnd && !/^[#\r\n]/.test(this.#text.charAt(this.at))) {
      throw this.#misfit("not valid TOML (the end of the line expected)");
    }
  }

  #list(): void {
    for (this.skipBlank(); !this.takes("]"); this.skipBlank()) {
      this.value();
      this.#commaBefore("]");
    }
  }

  #inlineTable(): void {
    for (this.skipBlank(); !this.takes("}"); this.skipBlank()) {
      this.key();
      this.expect("=");
      this.skipSpace();
      this.value();
      this.#commaBefore("}");
    }
  }

  /** Between two elements stands a comma; behind the last one it may. */
  #commaBefore(close: string): void {
    this.skipBlank();
    if (this.takes(",") || this.#text.startsWith(close, this.at)) return;
    throw this.#misfit(`not valid TOML ("," or ${JSON.stringify(close)} expected)`);
  }

  #string(): string | undefined {
    for (const kind of STRINGS) {
      const found = this.#match(kind);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  #misfit(what: string): MisfitError {
    return new MisfitError(this.#text, this.at, what);
  }
}
