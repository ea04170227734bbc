/** A value as Python's `repr` writes it: the text that SAP makes of Converse's events (protocol 4a.8). */
import { isObject, type Json } from "../hub/json.ts";

export function repr(value: Json): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(([key, member]) => `${quoted(key)}: ${repr(member)}`);
    return `{${members.join(", ")}}`;
  }
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };
/** What Python does not take for printable, as far as it matters here. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u00a0]/gu;

/** In single quotes, unless there are such in the text and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replace(/[\n\r\t\\]/g, (letter) => NAMED[letter] ?? letter)
    .replace(HIDDEN, escapeOf)
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

function escapeOf(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
