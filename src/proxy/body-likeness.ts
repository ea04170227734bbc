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
  static of({ owner, bytes, outline, items }: Likeness, json: JsonObject): KnownBody | undefined {
    const { members } = outline ?? NOTHING;
    if (members.length > MOST_MEMBERS) return undefined;
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

  /** The value of a member, if it stands in other bytes, too, from `start` on. */
  valueAt(start: number, bytes: Buffer, key: string): Known | undefined {
    const end = this.#endAt(start, bytes, this.#members.get(key));
    return end === undefined ? undefined : { body: this, json: this.json[key] as Json, end };
  }

  /** The same for an item of a list. */
  itemAt(start: number, bytes: Buffer, key: string, index: number): Known | undefined {
    const end = this.#endAt(start, bytes, this.#itemsOf(key)[index]);
    return end === undefined
      ? undefined
      : { body: this, json: (this.json[key] as Json[])[index] as Json, end };
  }

  /** Its last byte is compared first: a list to which something was added differs in no other. */
  #endAt(start: number, bytes: Buffer, known: Member | undefined): number | undefined {
    if (!known) return undefined;
    const end = start + known.end - known.valueStart;
    const isSame =
      isEnd(bytes[end]) &&
      bytes[end - 1] === this.bytes[known.end - 1] &&
      bytes.compare(this.bytes, known.valueStart, known.end, start, end) === 0;
    return isSame ? end : undefined;
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
      index < MOST_MEMBERS ? (this.#valueAt(start, key) ?? this.#listAt(start, key)) : undefined;
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

  /** What is known adds no depth: it stood at the same level of a body that was not too deep. */
  #valueAt(start: number, key: string): Extent | undefined {
    const known = firstOf(this.#earlier, (body) => body.valueAt(start, this.bytes, key));
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
      const itemIn = (body: KnownBody) => body.itemAt(at, this.bytes, key, index);
      const known = (like && itemIn(like)) ?? firstOf(this.#earlier, itemIn);
      if (!known) return undefined;
      begin.push(known.json);
      like = known.body;
      return { depth: 0, end: known.end };
    });
    if (end === undefined) return undefined;
    this.items.set(key, members);
    const rest = members.slice(begin.length);
    if (like) {
      this.#values.set(key, () => [...begin, ...rest.map((item) => parse(this.bytes, item))]);
      const changed = (like.json[key] as Json[]).length - begin.length;
      if (CONVERSATIONS.has(key) && changed <= MOVING) this.basis = like;
    }
    return { depth, end };
  }
}

function firstOf(
  bodies: readonly KnownBody[],
  find: (body: KnownBody) => Known | undefined,
): Known | undefined {
  for (const body of bodies) {
    const found = find(body);
    if (found) return found;
  }
  return undefined;
}

/** Whether a key is written in the plainest way. */
function isPlainKey(bytes: Buffer, { key, start, valueStart }: Member): boolean {
  return key !== "__proto__" && bytes.toString("utf8", start, valueStart).startsWith(JSON.stringify(key));
}

function parse(bytes: Buffer, { valueStart, end }: Member): Json {
  return JSON.parse(textOf(bytes.subarray(valueStart, end))) as Json;
}
