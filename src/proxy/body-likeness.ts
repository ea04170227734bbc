/**
 * Reads a body by what is the same in earlier ones. Every byte of it is looked at: values are the same bytes as values that
 * were parsed, or are parsed, and between them stands nothing but punctuation. So what passes is JSON; all that is in any
 * way unusual does not, and is for `JSON.parse` to judge.
 */
import type { Json, JsonObject } from "../hub/json.ts";
import { textOf } from "../hub/json-text.ts";
import { itemsOf, type Member, type Outline } from "../stream/json-members.ts";

/** A body that was parsed, and where in it the values of its members lie. */
export class KnownBody {
  readonly owner: string;
  readonly bytes: Buffer;
  readonly json: JsonObject;
  /** When it came; milliseconds since 1970. */
  readonly at = Date.now();
  readonly #members: ReadonlyMap<string, Member>;
  readonly #items: Map<string, readonly Member[]>;

  /** undefined for a body whose JSON does not tell which bytes a member has: one with two of the same name. */
  static of(
    owner: string,
    bytes: Buffer,
    { members }: Outline,
    { json, items = new Map() }: Pick<Likeness, "json"> & Partial<Likeness>,
  ): KnownBody | undefined {
    const byKey = new Map(members.map((member) => [member.key, member]));
    const isPlain = byKey.size === members.length && byKey.size === Object.keys(json).length;
    return isPlain ? new KnownBody(owner, bytes, byKey, json, items) : undefined;
  }

  private constructor(
    owner: string,
    bytes: Buffer,
    members: ReadonlyMap<string, Member>,
    json: JsonObject,
    items: Map<string, readonly Member[]>,
  ) {
    this.owner = owner;
    this.bytes = bytes;
    this.#members = members;
    this.json = json;
    this.#items = items;
  }

  /** The bytes of a member's value. */
  valueOf(key: string): Buffer | undefined {
    const member = this.#members.get(key);
    return member && this.bytes.subarray(member.valueStart, member.end);
  }

  /** Where in its value the items of a list lie. */
  itemsOf(key: string): readonly Member[] {
    const items = this.#items.get(key) ?? itemsOf(this.valueOf(key) ?? NOTHING);
    this.#items.set(key, items);
    return items;
  }
}

export interface Likeness {
  json: JsonObject;
  /** The earlier turn of the same conversation. */
  basis: KnownBody | undefined;
  /** Where in their values the items of its lists lie, as far as somebody had to know. */
  items: Map<string, readonly Member[]>;
}

const NOTHING = Buffer.alloc(0);
/** What the dialects call a conversation. */
const CONVERSATIONS: ReadonlySet<string> = new Set(["messages", "input", "contents"]);
/** Items at the end of a turn that the next one may have changed: a client's mark for the prompt cache moves on. */
const MOVING = 4;

const BRACES = [0x7b, 0x7d] as const;
const BRACKETS = [0x5b, 0x5d] as const;
const COMMA = 0x2c;
const COLON = 0x3a;

/** undefined where nothing helps. Never throws. */
export function readLike(
  earlier: readonly KnownBody[],
  bytes: Buffer,
  { members }: Outline,
): Likeness | undefined {
  if (earlier.length === 0 || !areInARow(bytes, members, BRACES)) return undefined;
  const read: Likeness = { json: {}, basis: undefined, items: new Map() };
  try {
    for (const member of members) {
      const { key, valueStart, end } = member;
      if (Object.hasOwn(read.json, key) || !isPlainKey(bytes, member)) return undefined;
      read.json[key] = valueLike(earlier, key, bytes.subarray(valueStart, end), read);
    }
  } catch {
    return undefined;
  }
  return read;
}

function valueLike(earlier: readonly KnownBody[], key: string, value: Buffer, read: Likeness): Json {
  const same = earlier.find((body) => body.valueOf(key)?.equals(value));
  if (same && CONVERSATIONS.has(key)) read.basis = same;
  if (same) return same.json[key] as Json;
  return (value[0] === BRACKETS[0] ? listLike(earlier, key, value, read) : undefined) ?? parse(value);
}

/** A list that begins as an earlier one, by the body that has most in common with it. */
function listLike(
  earlier: readonly KnownBody[],
  key: string,
  value: Buffer,
  read: Likeness,
): Json[] | undefined {
  const items = itemsOf(value);
  if (!areInARow(value, items, BRACKETS)) return undefined;
  read.items.set(key, items);
  let best: { body: KnownBody; list: Json[]; common: number } | undefined;
  for (const body of earlier) {
    const list = body.json[key];
    if (!Array.isArray(list)) continue;
    const common = commonItems(value, items, body, key);
    if (common > (best?.common ?? 0)) best = { body, list, common };
  }
  if (!best) return undefined;
  const { body, list, common } = best;
  if (CONVERSATIONS.has(key) && list.length - common <= MOVING) read.basis = body;
  return [
    ...list.slice(0, common),
    ...items.slice(common).map(({ start, end }) => parse(value.subarray(start, end))),
  ];
}

/** How many items at the start have the same bytes. */
function commonItems(value: Buffer, items: readonly Member[], body: KnownBody, key: string): number {
  const known = body.itemsOf(key);
  const bytes = body.valueOf(key) ?? NOTHING;
  const differs = items.findIndex(({ start, end }, at) => {
    const { start: from, end: to } = known[at] ?? { start: 0, end: 0 };
    return end - start !== to - from || value.compare(bytes, from, to, start, end) !== 0;
  });
  return differs === -1 ? items.length : differs;
}

/** Whether between members, before the first and behind the last there is nothing but what has to be there. */
function areInARow(
  bytes: Buffer,
  members: readonly Member[],
  [open, close]: readonly [number, number],
): boolean {
  let at = 0;
  for (const [index, { start, end }] of members.entries()) {
    if (!isJust(bytes, at, start, index === 0 ? open : COMMA)) return false;
    at = end;
  }
  return members.length > 0 && isJust(bytes, at, bytes.length, close);
}

/** Whether a key is written in the plainest way. */
function isPlainKey(bytes: Buffer, { key, start, valueStart }: Member): boolean {
  if (key === "__proto__") return false;
  const quoted = Buffer.from(JSON.stringify(key));
  const end = start + quoted.length;
  return quoted.equals(bytes.subarray(start, end)) && isJust(bytes, end, valueStart, COLON);
}

/** Whether a stretch is one mark, and space around it. */
function isJust(bytes: Buffer, from: number, to: number, mark: number): boolean {
  let found = 0;
  for (let at = from; at < to; at++) {
    if (bytes[at] === mark) found++;
    else if (bytes[at] !== 0x20 && bytes[at] !== 0x0a && bytes[at] !== 0x0d && bytes[at] !== 0x09)
      return false;
  }
  return found === 1;
}

function parse(bytes: Buffer): Json {
  return JSON.parse(textOf(bytes)) as Json;
}
