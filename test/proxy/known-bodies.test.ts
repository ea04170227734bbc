/** Bodies that are read with the help of earlier ones: the same JSON, the same refusals, and less work. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { KnownBodies } from "../../src/proxy/known-bodies.ts";
import { outlineOf } from "../../src/stream/json-members.ts";

const OURS = "key_1";

function reader(options = {}) {
  const known = new KnownBodies({ least: 0, ...options });
  let parsed = 0;
  const read = (text: string, owner = OURS) => {
    const bytes = Buffer.from(text);
    const parse = () => {
      parsed++;
      return JSON.parse(text) as unknown;
    };
    const like = known.likeness(owner, bytes);
    const json = (like ? known.read(like, parse) : parse()) as Record<string, unknown>;
    // What is known is not walked over; the places are those of a walk all the same.
    if (like) expect(like.outline?.members).toEqual(outlineOf(bytes)?.members);
    return json;
  };
  /** What is kept of a body that goes on with no other are bytes. */
  const readTwice = (text: string, owner = OURS) => {
    read(text, owner);
    return read(text, owner);
  };
  return { read, readTwice, parsed: () => parsed };
}

const message = (text: string) => ({ role: "user", content: [{ type: "text", text }] });
const TURN = {
  model: "m",
  stream: true,
  system: [{ type: "text", text: "„Sei kurz“" }],
  tools: [{ name: "read", input_schema: { type: "object", properties: {} } }],
  messages: ["one", "two ✓", "three", 'four "\\" }]', "five", "six"].map(message),
  max_tokens: 5,
};
const NEXT = { ...TURN, messages: [...TURN.messages, message("seven"), message("eight")] };

describe("what stays the same is the same value", () => {
  test("the next turn of a conversation", () => {
    const { read, readTwice, parsed } = reader();
    const [first, next] = [readTwice(JSON.stringify(TURN)), read(JSON.stringify(NEXT))];
    expect(next).toEqual(NEXT);
    expect(parsed()).toBe(1);
    expect(next.tools).toBe(first.tools);
    expect((next.messages as unknown[])[5]).toBe((first.messages as unknown[])[5]);
    expect(read(JSON.stringify(NEXT)).messages).toBe(next.messages);
  });

  test("from the third turn on: values of the first are not kept, for it may be the last", () => {
    const { read, parsed } = reader();
    const [first, second, third] = [TURN, NEXT, NEXT].map((turn) => read(JSON.stringify(turn)));
    expect(second).toEqual(NEXT);
    expect(second?.tools).not.toBe(first?.tools);
    expect(third?.tools).toBe(second?.tools);
    expect(parsed()).toBe(1);
  });

  test("a turn whose last messages were changed", () => {
    const { read, readTwice } = reader();
    const first = readTwice(JSON.stringify(TURN));
    const changed = { ...NEXT, messages: NEXT.messages.with(4, message("5")) };
    const next = read(JSON.stringify(changed));
    expect(next).toEqual(changed);
    expect((next.messages as unknown[])[3]).toBe((first.messages as unknown[])[3]);
  });

  test("two conversations that take turns, with their tools in common", () => {
    const { read, readTwice, parsed } = reader();
    const other = { ...TURN, messages: [TURN.messages[0], ...["a", "b", "c", "d", "e", "f"].map(message)] };
    const ours = readTwice(JSON.stringify(TURN));
    const theirs = readTwice(JSON.stringify(other));
    expect(theirs.tools).toBe(ours.tools);
    expect((read(JSON.stringify(NEXT)).messages as unknown[])[5]).toBe((ours.messages as unknown[])[5]);
    const last = (read(JSON.stringify({ ...other, max_tokens: 6 })).messages as unknown[])[6];
    expect(last).toBe((theirs.messages as unknown[])[6]);
    expect(parsed()).toBe(1);
  });

  test("in another layout, whose values are still the same", () => {
    const { read, readTwice } = reader();
    const first = readTwice(`{"messages":[1, 2],"b":{"c": 1}}`);
    const second = read(` {\n "b" : {"c": 1} ,\t"messages":[1, 2]\r\n} `);
    expect(second).toEqual(first);
    expect(second.b).toBe(first.b);
  });

  test("nobody has values in common with another key, and small bodies are not kept", () => {
    const { readTwice } = reader();
    expect(readTwice(JSON.stringify(TURN), "key_2").tools).not.toBe(readTwice(JSON.stringify(TURN)).tools);
    const small = reader({ least: 10_000 });
    expect(small.readTwice(JSON.stringify(TURN)).tools).not.toBe(small.read(JSON.stringify(TURN)).tools);
  });
});

test("what is new counts for the depth, wherever it stands", () => {
  const known = new KnownBodies({ least: 0 });
  const outline = (text: string) => known.likeness(OURS, Buffer.from(text))?.outline;
  const like = known.likeness(OURS, Buffer.from(JSON.stringify(TURN)));
  if (like) known.read(like, () => TURN);
  const deep = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels)) as unknown;
  expect(outline(JSON.stringify({ ...TURN, system: deep(200) }))?.depth).toBe(201);
  const messages = [...TURN.messages, { role: "user", content: deep(200) }];
  expect(outline(JSON.stringify({ ...TURN, messages }))?.depth).toBe(203);
  expect(outline(JSON.stringify(TURN))?.depth).toBeLessThanOrEqual(6);
});

test("lists and objects with more than any conversation has are read whole", () => {
  const { read, parsed } = reader();
  const list = (length: number) => JSON.stringify({ messages: new Array(length).fill(1), length });
  read(list(20_000));
  expect(read(list(20_001))).toEqual(JSON.parse(list(20_001)));
  const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`k${at}`, at])));
  const before = parsed();
  expect([read(wide), read(wide)]).toEqual([JSON.parse(wide), JSON.parse(wide)]);
  expect(parsed()).toBe(before + 2);
});

describe("what is kept has an end", () => {
  afterEach(() => vi.useRealTimers());

  test("after a while without a request", () => {
    vi.useFakeTimers();
    const { read, parsed } = reader({ keep: 1_000 });
    read(JSON.stringify(TURN));
    vi.advanceTimersByTime(600);
    read(JSON.stringify(NEXT));
    vi.advanceTimersByTime(900);
    read(JSON.stringify(NEXT));
    expect(parsed()).toBe(1);
    vi.advanceTimersByTime(2_100);
    expect(vi.getTimerCount()).toBe(0);
    read(JSON.stringify(NEXT));
    expect(parsed()).toBe(2);
  });

  test("of many conversations the oldest goes", () => {
    const { read, readTwice } = reader();
    const conversation = (at: number) => JSON.stringify({ messages: [at] });
    const first = readTwice(conversation(0));
    for (let at = 1; at < 8; at++) read(conversation(at));
    expect(read(conversation(0)).messages).toBe(first.messages);
    for (let at = 1; at < 10; at++) read(conversation(at));
    expect(read(conversation(0)).messages).not.toBe(first.messages);
  });
});

describe("what JSON.parse refuses is refused, what it takes is taken in the same way", () => {
  const before = `{"a":1,"b":[1,{"c":2},3],"d":"x","messages":[{"e":1},{"e":2}]}`;

  test.each([
    `{"a":1,"b":[1,{"c":2},3],}`,
    `{"a":1 "b":[1,{"c":2},3]}`,
    `{"a":1,,"b":[1,{"c":2},3]}`,
    `{"a" 1}`,
    `{"a"::1}`,
    `{"a":1:2}`,
    `{"a":1}}`,
    `{"a":1} x`,
    `{"a":1]`,
    `{"a":1`,
    `{"a":}`,
    `{,"a":1}`,
    `{"b":[1,{"c":2},3}`,
    `{"b":[1,{"c":2},]}`,
    `{"b":[1,{"c":2},,3]}`,
    `{"b":[1,{"c":2} 3]}`,
    `{"b":[1 {"c":2},3]}`,
    `{"b":[1,{"c":2],3]}`,
    `{"b":[,1,{"c":2},3]}`,
    `{a:1}`,
    `{"a\u0001":1}`,
    `{"a\\q":1}`,
    `{"d":"x\ny"}`,
    `{"a":01}`,
    `{"a":12}`,
    `{"a":1 2}`,
    `{"a":1"b":2}`,
    `{"d":"x"y}`,
    `{"d":"x""y"}`,
    `{"b":[1,{"c":2},3]3}`,
    `{"b":[1,{"c":2},34]}`,
    `{"b":[12,{"c":2},3]}`,
    `{"b":[1,{"c":2},3]`,
    `{"b":[1,{"c":2}`,
    `{"d":"x"`,
    `{"messages":[{"e":1},{"e":2},{"e":}]}`,
    `{"messages":[{"e":1},{"e":2}{"e":3}]}`,
    `{"messages":[{"e":1};{"e":2}]}`,
    `{"a":1,"a":2}`,
    `{"__proto__":{"x":1},"a":1}`,
    `{"\\u0061":1,"b":[]}`,
    `{"b":[]}`,
    `{}`,
    `{"a":1,"2":1,"1":2}`,
    `{"messages":[{"e":1}]}`,
    `{"messages":{"e":1}}`,
    `{"messages":[[{"e":1}],{"e":2}]}`,
  ])("%s", (text) => {
    const { read } = reader();
    read(before);
    const expected = outcomeOf(() => JSON.parse(text));
    expect(outcomeOf(() => read(text))).toEqual(expected);
    read(before);
    read(before);
    expect(outcomeOf(() => read(text))).toEqual(expected);
    expect(outcomeOf(() => read(text))).toEqual(expected);
  });

  test("any byte of a body, changed or gone", () => {
    const text = JSON.stringify({ ...TURN, system: "s", messages: [message("a"), message('b "')] });
    for (let at = 1; at < text.length; at++) {
      for (const piece of ["", " ", ",", '"', "}", "]", "{", "[", ":", "1", "\\", "\u0001"]) {
        const changed = text.slice(0, at) + piece + text.slice(at + 1);
        for (const turns of [1, 2]) {
          const { read } = reader();
          for (let turn = 0; turn < turns; turn++) read(text);
          expect(
            outcomeOf(() => read(changed)),
            changed,
          ).toEqual(outcomeOf(() => JSON.parse(changed)));
        }
      }
    }
  });
});

/** Order of members and their number are part of it. */
function outcomeOf(read: () => unknown): string {
  try {
    const value = read();
    return JSON.stringify(value) + Object.keys(value as object).join();
  } catch {
    return "refused";
  }
}
