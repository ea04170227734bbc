/** Where a text stops being JSON, counted from 1. */
export interface TextPosition {
  line: number;
  column: number;
}

const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/u.source;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/.source;
const TOKEN = new RegExp(`\\s*(?:(${STRING})|(${SCALAR})|([{}[\\],:]))`, "uy");

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
  let expected = "value";
  TOKEN.lastIndex = 0;
  for (;;) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    const at = start + (/^\s*/.exec(text.slice(start, start + 1_000))?.[0].length ?? 0);
    if (!match) return at;
    const [, string, scalar, mark] = match;
    const next = step(
      expected,
      string !== undefined ? "string" : scalar !== undefined ? "scalar" : (mark ?? ""),
      open,
    );
    if (next === undefined) return at;
    expected = next;
  }
}

/** What may follow `token`, or undefined when it may not stand here. `open` holds the brackets still open. */
function step(expected: string, token: string, open: string[]): string | undefined {
  const startsValue = expected === "value" || expected === "value or ]";
  if (token === "string" && (expected === "key" || expected === "key or }")) return ":";
  if (token === "string" || token === "scalar") return startsValue ? "after value" : undefined;
  if (token === "{" || token === "[") {
    if (!startsValue) return undefined;
    open.push(token);
    return token === "{" ? "key or }" : "value or ]";
  }
  if (token === ":") return expected === ":" ? "value" : undefined;
  if (token === ",") {
    if (expected !== "after value" || open.length === 0) return undefined;
    return open.at(-1) === "{" ? "key" : "value";
  }
  const opener = token === "}" ? "{" : "[";
  const closes = expected === "after value" || expected === (token === "}" ? "key or }" : "value or ]");
  if (!closes || open.pop() !== opener) return undefined;
  return "after value";
}
