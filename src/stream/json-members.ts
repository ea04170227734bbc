import { isObject, type Json, type JsonObject } from "../hub/json.ts";

/** Where one member of a JSON object lies in its bytes. */
export interface Member {
  key: string;
  /** Of the value, in bytes; `end` is exclusive. */
  valueStart: number;
  end: number;
}

/** The members of the outermost object, and how deeply anything in it is nested (1 for the object alone). */
export interface Outline {
  members: Member[];
  depth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * One walk over the bytes of a JSON object (0.5 ms for 540 KB, measured 2026-11). It trusts the grammar, which
 * `JSON.parse` checks; it never fails, and tells undefined when the text does not begin with an object.
 */
export function outlineOf(bytes: Buffer): Outline | undefined {
  return bytes[skipSpace(bytes, 0)] === OPEN_BRACE ? walk(bytes) : undefined;
}

/** The members of an object, or the items of an array, whose keys are empty. */
function walk(bytes: Buffer): Outline {
  let at = skipSpace(bytes, 0);
  const noKey = bytes[at] === OPEN_BRACKET ? "" : undefined;
  const members: Member[] = [];
  let level = 0;
  let depth = 0;
  let key = noKey;
  let valueStart = noKey === undefined ? -1 : skipSpace(bytes, at + 1);
  for (; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE: {
        const end = stringEnd(bytes, at);
        if (level === 1 && key === undefined) key = keyText(bytes.toString("utf8", at, end));
        at = end - 1;
        break;
      }
      case OPEN_BRACE:
      case OPEN_BRACKET:
        level++;
        if (level > depth) depth = level;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
      case COMMA:
        if (level === 1 && key !== undefined) {
          const end = trimEnd(bytes, at);
          if (end > valueStart) members.push({ key, valueStart, end });
          key = noKey;
          valueStart = noKey === undefined ? -1 : skipSpace(bytes, at + 1);
        }
        if (bytes[at] !== COMMA) level--;
        break;
      case COLON:
        if (level === 1) valueStart = skipSpace(bytes, at + 1);
        break;
    }
    if (level === 0) break;
  }
  return { members, depth };
}

/**
 * The body with some of it changed: what is the same object or primitive in `before` and `after` keeps its bytes at
 * every level (a message that nobody touched, a number that no double holds), what is missing in `after` goes, the
 * rest is serialised. This is why request changes are copy-on-write.
 */
export function spliceMembers(
  bytes: Buffer,
  outline: Outline | undefined,
  before: JsonObject,
  after: JsonObject,
): Buffer {
  const pieces = new Pieces();
  addObject(pieces, bytes, outline?.members ?? [], before, after);
  return pieces.join();
}

/** @param bytes those of `before` */
function addValue(pieces: Pieces, bytes: Buffer, before: Json, after: Json): void {
  if (before === after) pieces.bytes(bytes);
  else if (isObject(before) && isObject(after)) addObject(pieces, bytes, walk(bytes).members, before, after);
  else if (Array.isArray(before) && Array.isArray(after)) addArray(pieces, bytes, before, after);
  else pieces.text(JSON.stringify(after));
}

function addObject(
  pieces: Pieces,
  bytes: Buffer,
  members: readonly Member[],
  before: JsonObject,
  after: JsonObject,
): void {
  // Of members with one name the last counts, as in JSON.parse.
  const known = new Map(members.map((member) => [member.key, member]));
  let separator = "{";
  for (const [key, value] of Object.entries(after)) {
    const member = known.get(key);
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    pieces.text(`${separator}${JSON.stringify(key)}:`);
    if (!member || old === undefined) pieces.text(JSON.stringify(value));
    else addValue(pieces, bytes.subarray(member.valueStart, member.end), old, value);
    separator = ",";
  }
  pieces.text(separator === "{" ? "{}" : "}");
}

/** An item that is not one of the old is taken for a change of the one at its place, unless items came or went. */
function addArray(pieces: Pieces, bytes: Buffer, before: Json[], after: Json[]): void {
  const items = walk(bytes).members;
  const places = new Map(before.map((item, place) => [item, place]));
  const aligned = before.length === after.length;
  let separator = "[";
  for (const [index, value] of after.entries()) {
    const place = places.get(value) ?? (aligned ? index : -1);
    const item = items[place];
    const old = before[place];
    pieces.text(separator);
    if (!item || old === undefined) pieces.text(JSON.stringify(value));
    else addValue(pieces, bytes.subarray(item.valueStart, item.end), old, value);
    separator = ",";
  }
  pieces.text(separator === "[" ? "[]" : "]");
}

/** New text between old bytes. */
class Pieces {
  readonly #parts: Buffer[] = [];
  #text = "";

  text(text: string): void {
    this.#text += text;
  }

  bytes(bytes: Buffer): void {
    this.#flush();
    this.#parts.push(bytes);
  }

  join(): Buffer {
    this.#flush();
    return Buffer.concat(this.#parts);
  }

  #flush(): void {
    if (this.#text !== "") this.#parts.push(Buffer.from(this.#text));
    this.#text = "";
  }
}

function stringEnd(bytes: Buffer, start: number): number {
  let end = start + 1;
  for (;;) {
    end = bytes.indexOf(QUOTE, end);
    if (end === -1) return bytes.length;
    let slashes = 0;
    while (bytes[end - 1 - slashes] === BACKSLASH) slashes++;
    end++;
    if (slashes % 2 === 0) return end;
  }
}

function keyText(quoted: string): string {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return at;
}

function trimEnd(bytes: Buffer, from: number): number {
  let end = from;
  while (end > 0 && isSpace(bytes[end - 1])) end--;
  return end;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
