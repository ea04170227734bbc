/** Where a text stops being JSON, counted from 1. */
export interface TextPosition {
  line: number;
  column: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * The place of the first error in a text that `JSON.parse` refused. V8 tells it only sometimes (Node 20), and its
 * message quotes the text, which may be a prompt or a secret.
 */
export function jsonErrorPosition(text: string): TextPosition {
  const before = text.slice(0, errorOffset(text)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Reads tokens for as long as one may stand where it stands; `expected` says which those are. */
function errorOffset(text: string): number {
  const open: string[] = [];
  let expected: string | undefined = "value";
  let at = skipSpace(text, 0);
  for (;;) {
    const end = tokenEnd(text, at);
    expected = end === at ? undefined : step(expected, text.charAt(at), open);
    if (expected === undefined) return at;
    at = skipSpace(text, end);
  }
}

/** What may follow the token that begins with `first`, or undefined when it may not stand here. `open` holds the brackets still open. */
function step(expected: string, first: string, open: string[]): string | undefined {
  const startsValue = expected === "value" || expected === "value or ]";
  switch (first) {
    case "{":
    case "[":
      if (!startsValue) return undefined;
      open.push(first);
      return first === "{" ? "key or }" : "value or ]";
    case ":":
      return expected === ":" ? "value" : undefined;
    case ",":
      if (expected !== "after value" || open.length === 0) return undefined;
      return open.at(-1) === "{" ? "key" : "value";
    case "}":
    case "]": {
      const closes = expected === "after value" || expected === (first === "}" ? "key or }" : "value or ]");
      return closes && open.pop() === (first === "}" ? "{" : "[") ? "after value" : undefined;
    }
    case '"':
      if (expected === "key" || expected === "key or }") return ":";
  }
  return startsValue ? "after value" : undefined;
}

/** Past the token at `at`, or `at` itself where there is none. */
function tokenEnd(text: string, at: number): number {
  const first = text.charAt(at);
  if (first === '"') return stringEnd(text, at);
  if (first !== "" && "{}[],:".includes(first)) return at + 1;
  return matchEnd(SCALAR, text, at) ?? at;
}

/** By hand: over a string of millions of characters a pattern with alternatives runs out of stack. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < SPACE) return start;
    if (code !== BACKSLASH) continue;
    const end = matchEnd(ESCAPE, text, at);
    if (end === undefined) return start;
    at = end - 1;
  }
  return start;
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \n\r\t".includes(text.charAt(at))) at++;
  return at;
}
