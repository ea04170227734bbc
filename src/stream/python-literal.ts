import type { Json } from "../hub/json.ts";

/**
 * Reads a value as Python's `repr` writes it: what SAP makes of Bedrock's Converse events (protocol 4a.8). Quotes are
 * chosen by string, so no replacement of characters turns it into JSON; it is tokenized, and never evaluated.
 * Dicts, lists and tuples, strings, numbers, `True`, `False`, `None`; `nan` and `inf`, which JSON cannot say, are null.
 * @throws SyntaxError for anything else, with the position.
 */
export function parsePythonLiteral(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value();
  reader.end();
  return value;
}

const WORDS: readonly (readonly [word: string, value: Json])[] = [
  ["True", true],
  ["False", false],
  ["None", null],
  ["nan", null],
  ["inf", null],
  ["-inf", null],
];
const NUMBER = /-?\d+(?:\.\d*)?(?:e[+-]?\d+)?/y;
const SPACE = /\s*/y;
/** Everything up to the next quote, escape or line end. */
const PLAIN = /[^'"\\\n]*/y;
const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([nrtabfv0\\'"]))/y;
const LETTERS: Readonly<Record<string, string>> = {
  ...{ n: "\n", r: "\r", t: "\t", a: "\x07", b: "\b", f: "\f", v: "\v", "0": "\0" },
  ...{ "\\": "\\", "'": "'", '"': '"' },
};

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#take(SPACE);
  }

  value(): Json {
    const opener = this.#text.charAt(this.#at);
    if (opener === "{") return this.#dict();
    if (opener === "[") return this.#list("]");
    if (opener === "(") return this.#list(")");
    if (opener === "'" || opener === '"') return this.#string();
    return this.#word();
  }

  end(): void {
    if (this.#at < this.#text.length) this.#fail();
  }

  #dict(): Json {
    const members: [string, Json][] = [];
    this.#at++;
    this.#take(SPACE);
    while (!this.#skip("}")) {
      const key = this.#string();
      if (!this.#skip(":")) this.#fail();
      members.push([key, this.value()]);
      this.#separator("}");
    }
    return Object.fromEntries(members);
  }

  #list(closer: "]" | ")"): Json {
    const items: Json[] = [];
    this.#at++;
    this.#take(SPACE);
    while (!this.#skip(closer)) {
      items.push(this.value());
      this.#separator(closer);
    }
    return items;
  }

  /** A comma, or the closing bracket that is to come. */
  #separator(closer: string): void {
    if (!this.#skip(",") && this.#text.charAt(this.#at) !== closer) this.#fail();
  }

  #string(): string {
    const quote = this.#text.charAt(this.#at);
    if (quote !== "'" && quote !== '"') this.#fail();
    this.#at++;
    let value = "";
    for (;;) {
      value += this.#take(PLAIN);
      const next = this.#text.charAt(this.#at);
      if (next === quote) break;
      if (next === "\\") value += this.#escape();
      else if (next === "'" || next === '"') value += this.#text.charAt(this.#at++);
      else this.#fail();
    }
    this.#at++;
    this.#take(SPACE);
    return value;
  }

  #escape(): string {
    ESCAPE.lastIndex = this.#at;
    const [whole, byte, short, long, letter = ""] = ESCAPE.exec(this.#text) ?? this.#fail();
    this.#at += whole.length;
    const code = byte ?? short ?? long;
    if (code === undefined) return LETTERS[letter] ?? letter;
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? this.#fail() : String.fromCodePoint(point);
  }

  #word(): Json {
    const known = WORDS.find(([word]) => this.#text.startsWith(word, this.#at));
    if (known) {
      this.#skip(known[0]);
      return known[1];
    }
    const number = this.#take(NUMBER);
    this.#take(SPACE);
    return number === "" ? this.#fail() : Number(number);
  }

  #skip(token: string): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    this.#take(SPACE);
    return true;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [taken = ""] = pattern.exec(this.#text) ?? [];
    this.#at += taken.length;
    return taken;
  }

  #fail(): never {
    throw new SyntaxError(`not a Python literal at position ${this.#at}`);
  }
}
