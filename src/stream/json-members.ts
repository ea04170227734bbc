import { isObject, type Json, type JsonObject } from "../hub/json.ts";

/** Where one member of a JSON object lies in its bytes. */
export interface Member {
  key: string;
  /** Of the key with its quotes; of the value where there is none, as in a list. */
  start: number;
  /** Of the value; `end` is exclusive. */
  valueStart: number;
  end: number;
}

/** What was met on a walk over a value: how deeply anything in it is nested (0 for a string), and where it ends. */
export interface Extent {
  depth: number;
  /** Exclusive. */
  end: number;
}

/** The members of an object, or the items of a list, whose keys are empty. */
export interface Outline {
  members: Member[];
  depth: number;
  /** undefined where anything but members and what has to be between them was met, and the walk ended. */
  end: number | undefined;
}

/** Tells of a value on the way what the walk need not find out: where it ends. Whoever tells answers for its depth, too. */
export type Guide = (start: number, key: string, index: number) => Extent | undefined;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NEAR = 48;
const MOST_ITEMS = 20_000;

/**
 * One walk over the bytes of a JSON object (0.13 ms for 540 KB, Node 20, 2026-11). Inside of values it trusts the grammar,
 * which `JSON.parse` checks; it never fails, and tells undefined when the text does not begin with an object.
 * @param guide for what is known already
 */
export function outlineOf(bytes: Buffer, guide?: Guide): Outline | undefined {
  const start = skipSpace(bytes, 0);
  if (bytes[start] !== OPEN_BRACE) return undefined;
  const { end, ...outline } = walk(bytes, start, guide);
  return { ...outline, end: end !== undefined && skipSpace(bytes, end) === bytes.length ? end : undefined };
}

/**
 * Where the items of the JSON array lie that begins at `start`. No end when it is none, or has more of them than any
 * conversation: places take more memory than the bytes of small items, and a request may have millions.
 */
export function itemsOf(bytes: Buffer, start: number, guide?: Guide): Outline {
  if (bytes[start] !== OPEN_BRACKET) return { members: [], depth: 0, end: undefined };
  return walk(bytes, start, guide, MOST_ITEMS);
}

/** @param start where the object or list begins */
function walk(bytes: Buffer, start: number, guide?: Guide, most = Number.POSITIVE_INFINITY): Outline {
  const isList = bytes[start] === OPEN_BRACKET;
  const close = isList ? CLOSE_BRACKET : CLOSE_BRACE;
  const members: Member[] = [];
  let deepest = 0;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === close) return { members, depth: 1, end: at + 1 };
  while (members.length < most) {
    const first = at;
    let key = "";
    if (!isList) {
      const keyEnd = stringEnd(bytes, at);
      const colon = skipSpace(bytes, keyEnd);
      if (bytes[at] !== QUOTE || bytes[colon] !== COLON) break;
      key = keyText(bytes.toString("utf8", at, keyEnd));
      at = skipSpace(bytes, colon + 1);
    }
    const { depth, end } = guide?.(at, key, members.length) ?? extentAt(bytes, at);
    if (end === at) break;
    members.push({ key, start: first, valueStart: at, end });
    if (depth > deepest) deepest = depth;
    at = skipSpace(bytes, end);
    if (bytes[at] === close) return { members, depth: deepest + 1, end: at + 1 };
    if (bytes[at] !== COMMA) break;
    at = skipSpace(bytes, at + 1);
  }
  return { members, depth: deepest + 1, end: undefined };
}

/** How far the value reaches that begins at `start`. */
function extentAt(bytes: Buffer, start: number): Extent {
  let at = start;
  let level = 0;
  let depth = 0;
  while (at < bytes.length && (level > 0 || !isEnd(bytes[at]))) {
    switch (bytes[at]) {
      case QUOTE:
        at = stringEnd(bytes, at);
        continue;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        level++;
        if (level > depth) depth = level;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        level--;
    }
    at++;
  }
  return { depth, end: at };
}

/**
 * The body with some of it changed: what is the same object or primitive in `before` and `after` keeps its bytes at
 * every level (a message that nobody touched, a number that no double holds), neighbours that stayed those between them
 * too; what is missing in `after` goes, the rest is serialised. This is why request changes are copy-on-write.
 */
export function spliceMembers(
  bytes: Buffer,
  outline: Outline | undefined,
  before: JsonObject,
  after: JsonObject,
): Buffer {
  const pieces = new Pieces(bytes);
  addObject(pieces, outline?.members ?? [], before, after);
  return pieces.join();
}

/** @param start where the bytes of `before` are, to `end` */
function addValue(pieces: Pieces, start: number, end: number, before: Json, after: Json): void {
  if (before === after) pieces.keep(start, end);
  else if (isObject(before) && isObject(after)) {
    addObject(pieces, walk(pieces.bytes, start).members, before, after);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    addArray(pieces, walk(pieces.bytes, start).members, before, after);
  } else pieces.text(JSON.stringify(after));
}

function addObject(pieces: Pieces, found: readonly Member[], before: JsonObject, after: JsonObject): void {
  const distinct = found.length === Object.keys(before).length;
  const members = distinct ? found : lastOfEach(found);
  let separator = "{";
  /** The member whose bytes were kept last, unless something else came behind it. */
  let kept = Number.NaN;
  let next = 0;
  for (const key of Object.keys(after)) {
    const value = after[key] as Json;
    const at = placeOf(key, members, next);
    const member = members[at];
    const old = member && before[key];
    if (member && old === value) {
      if (at === kept + 1) pieces.keepOn(member.end);
      else pieces.text(separator).keep(member.start, member.end);
      kept = distinct ? at : Number.NaN;
    } else {
      pieces.text(`${separator}${JSON.stringify(key)}:`);
      if (!member || old === undefined) pieces.text(JSON.stringify(value));
      else addValue(pieces, member.valueStart, member.end, old, value);
      kept = Number.NaN;
    }
    if (member) next = at + 1;
    separator = ",";
  }
  pieces.text(separator === "{" ? "{}" : "}");
}

/** An item that is not one of the old is taken for a change of the one at its place, unless items came or went. */
function addArray(pieces: Pieces, items: readonly Member[], before: Json[], after: Json[]): void {
  const aligned = before.length === after.length;
  let places: Map<Json, number> | undefined;
  let kept = Number.NaN;
  let separator = "[";
  for (const [index, value] of after.entries()) {
    places ??= before[index] === value ? undefined : new Map(before.map((item, place) => [item, place]));
    const at = before[index] === value ? index : (places?.get(value) ?? -1);
    const item = items[at] ?? (aligned ? items[index] : undefined);
    const old = before[index];
    if (item && at !== -1) {
      if (at === kept + 1) pieces.keepOn(item.end);
      else pieces.text(separator).keep(item.start, item.end);
      kept = at;
    } else {
      pieces.text(separator);
      if (!item || old === undefined) pieces.text(JSON.stringify(value));
      else addValue(pieces, item.valueStart, item.end, old, value);
      kept = Number.NaN;
    }
    separator = ",";
  }
  pieces.text(separator === "[" ? "[]" : "]");
}

/** Of members with one name the last counts, as in JSON.parse, and the first has the place. */
function lastOfEach(members: readonly Member[]): Member[] {
  return [...new Map(members.map((member) => [member.key, member])).values()];
}

/** Where a member stands, looked for from `next` on: most stay in their order. */
function placeOf(key: string, members: readonly Member[], next: number): number {
  for (let at = next; at < members.length; at++) if (members[at]?.key === key) return at;
  return members.findIndex((member) => member.key === key);
}

interface Run {
  start: number;
  end: number;
}

/** New text between runs of old bytes. */
class Pieces {
  readonly bytes: Buffer;
  readonly #parts: (string | Run)[] = [];
  #text = "";
  #last: Run = { start: 0, end: 0 };

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  text(text: string): this {
    this.#text += text;
    return this;
  }

  keep(start: number, end: number): void {
    this.#parts.push(this.#text);
    this.#text = "";
    this.#last = { start, end };
    this.#parts.push(this.#last);
  }

  /** Lengthens the run that was kept last. */
  keepOn(end: number): void {
    this.#last.end = end;
  }

  join(): Buffer {
    const parts = [...this.#parts, this.#text];
    const joined = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + sizeOf(part), 0));
    let at = 0;
    for (const part of parts) {
      if (typeof part === "string") at += joined.write(part, at);
      else at += this.bytes.copy(joined, at, part.start, part.end);
    }
    return joined;
  }
}

function sizeOf(part: string | Run): number {
  return typeof part === "string" ? Buffer.byteLength(part) : part.end - part.start;
}

/** Short strings, as keys are, are looked through here: a call of `indexOf` costs as much as sixty bytes (2026-11). */
function stringEnd(bytes: Buffer, start: number): number {
  let end = start + 1;
  for (const near = Math.min(start + NEAR, bytes.length); end < near; end++) {
    if (bytes[end] === QUOTE) return end + 1;
    if (bytes[end] === BACKSLASH) end++;
  }
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

/** Whether even a number ends before this byte. */
export function isEnd(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isSpace(byte);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
