/**
 * Reads a body by what is the same in earlier ones. Every byte of it is looked at: values are the same bytes as values that
 * were parsed, or are parsed, and between them stands nothing but punctuation. So what passes is JSON; all that is in any
 * way unusual does not, and is for `JSON.parse` to judge.
 */
import type { Json, JsonObject } from "../hub/json.ts";
import { textOf } from "../hub/json-text.ts";
import {
  type Extent,
  type Guide,
  isEnd,
  itemsOf,
  type Member,
  type Outline,
  outlineOf,
} from "../stream/json-members.ts";

/** What the dialects call a conversation. */
const CONVERSATIONS: ReadonlySet<string> = new Set(["messages", "input", "contents"]);
/** Items at the end of a turn that the next one may have changed: a client's mark for the prompt cache moves on. */
const MOVING = 4;
/** No dialect has more than some thirty; where each of them lies costs more memory than what it holds. */
const MOST_MEMBERS = 200;
const NOTHING: Outline = { members: [], depth: 0, end: undefined };

/** A value of an earlier body, and where it ends in this one. */
interface Known {
  body: KnownBody;
  json: Json;
  end: number;
}

/** A body that was parsed, where in it the values of its members lie, and what they are. */
export class KnownBody {
  readonly owner: string;
  readonly bytes: Buffer;
  /**
   * undefined for one that goes on with no other, which perhaps nobody goes on with: V8 would have to keep what it holds, which
   * takes it 0.8 ms of CPU for 540 KB (2026-11). What a later one has in common with it is parsed once more, and kept then.
   */
  readonly #json: JsonObject | undefined;
  /** When it came; milliseconds since 1970. */
  readonly at = Date.now();
  readonly #members: ReadonlyMap<string, Member>;
  readonly #items: Map<string, readonly Member[]>;

  constructor({ owner, bytes, outline, items, basis }: Likeness, json: JsonObject) {
    this.owner = owner;
    this.bytes = bytes;
    this.#json = basis && json;
    this.#members = new Map(outline?.members.map((member) => [member.key, member]));
    this.#items = items;
  }

  /**
   * The value of a member, or an item of it, if it stands in other bytes, too, from `start` on. Its last byte is compared
   * first: a list to which something was added differs in no other.
   */
  valueAt(start: number, bytes: Buffer, key: string, index?: number): Known | undefined {
    const place = index === undefined ? this.#members.get(key) : this.#itemsOf(key)[index];
    if (!place) return undefined;
    const end = start + place.end - place.valueStart;
    if (!isEnd(bytes[end]) || bytes[end - 1] !== this.bytes[place.end - 1]) return undefined;
    if (bytes.compare(this.bytes, place.valueStart, place.end, start, end) !== 0) return undefined;
    return { body: this, json: this.#valueOf(key, index) ?? parse(this.bytes, place), end };
  }

  /** How many items a list has. */
  lengthOf(key: string): number {
    return this.#itemsOf(key).length;
  }

  #valueOf(key: string, index: number | undefined): Json | undefined {
    const value = this.#json?.[key];
    return index === undefined ? value : (value as Json[] | undefined)?.[index];
  }

  #itemsOf(key: string): readonly Member[] {
    let items = this.#items.get(key);
    if (!items) {
      const list = itemsOf(this.bytes, this.#members.get(key)?.valueStart ?? this.bytes.length);
      items = list.end === undefined ? [] : list.members;
      this.#items.set(key, items);
    }
    return items;
  }
}

/** A body on its way to be parsed: what it has in common with earlier ones of its owner is found while it is walked over. */
export class Likeness {
  readonly owner: string;
  readonly bytes: Buffer;
  readonly outline: Outline | undefined;
  /** Where the items of its lists lie, as far as somebody had to know. */
  readonly items = new Map<string, readonly Member[]>();
  /** The earlier turn of the same conversation. */
  basis: KnownBody | undefined;
  readonly #earlier: readonly KnownBody[];
  /** By key what a value is that need not be parsed, or not as a whole. */
  readonly #values = new Map<string, () => Json>();

  constructor(owner: string, bytes: Buffer, earlier: readonly KnownBody[]) {
    this.owner = owner;
    this.bytes = bytes;
    this.#earlier = earlier;
    const guide: Guide = (start, key, index) =>
      index < MOST_MEMBERS ? (this.#wholeAt(start, key) ?? this.#listAt(start, key)) : undefined;
    this.outline = outlineOf(bytes, earlier.length > 0 ? guide : undefined);
  }

  /** undefined where nothing helps. Never throws. */
  json(): JsonObject | undefined {
    const { members, end } = this.outline ?? NOTHING;
    if (this.#values.size === 0 || end === undefined || members.length > MOST_MEMBERS) return undefined;
    const json: JsonObject = {};
    try {
      for (const member of members) {
        const { key } = member;
        if (Object.hasOwn(json, key) || !isPlainKey(this.bytes, member)) return undefined;
        json[key] = this.#values.get(key)?.() ?? parse(this.bytes, member);
      }
    } catch {
      return undefined;
    }
    return json;
  }

  /** undefined where its JSON does not tell which bytes a member has: with two of the same name. */
  known(json: JsonObject): KnownBody | undefined {
    const { length } = this.outline?.members ?? [];
    return length <= MOST_MEMBERS && length === Object.keys(json).length
      ? new KnownBody(this, json)
      : undefined;
  }

  /** What is known adds no depth: it stood at the same level of a body that was not too deep. */
  #wholeAt(start: number, key: string): Extent | undefined {
    const known = this.#knownAt(start, key);
    if (!known) return undefined;
    this.#values.set(key, () => known.json);
    if (CONVERSATIONS.has(key)) this.basis = known.body;
    return { depth: 0, end: known.end };
  }

  /** A list that begins as earlier ones. */
  #listAt(start: number, key: string): Extent | undefined {
    const begin: Json[] = [];
    /** The body that has most in common with it. */
    let like: KnownBody | undefined;
    const { members, depth, end } = itemsOf(this.bytes, start, (at, _key, index) => {
      if (index > begin.length) return undefined;
      const known = like?.valueAt(at, this.bytes, key, index) ?? this.#knownAt(at, key, index);
      if (!known) return undefined;
      begin.push(known.json);
      like = known.body;
      return { depth: 0, end: known.end };
    });
    if (end === undefined) return undefined;
    this.items.set(key, members);
    if (like) {
      const rest = members.slice(begin.length);
      this.#values.set(key, () => [...begin, ...rest.map((item) => parse(this.bytes, item))]);
      const changed = like.lengthOf(key) - begin.length;
      if (CONVERSATIONS.has(key) && changed <= MOVING) this.basis = like;
    }
    return { depth, end };
  }

  #knownAt(start: number, key: string, index?: number): Known | undefined {
    for (const body of this.#earlier) {
      const known = body.valueAt(start, this.bytes, key, index);
      if (known) return known;
    }
    return undefined;
  }
}

/** Whether a key is written in the plainest way. */
function isPlainKey(bytes: Buffer, { key, start, valueStart }: Member): boolean {
  return key !== "__proto__" && bytes.toString("utf8", start, valueStart).startsWith(JSON.stringify(key));
}

function parse(bytes: Buffer, { valueStart, end }: Member): Json {
  return JSON.parse(textOf(bytes.subarray(valueStart, end))) as Json;
}
