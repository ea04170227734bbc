import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/hub/json.ts";
import { outlineOf, spliceMembers } from "../../src/stream/json-members.ts";

const BODIES = [
  "{}",
  " { } ",
  '{"a":1}',
  '{"a":1,"b":"x","c":true,"d":null,"e":[1,{"f":2}],"g":{"h":{"i":[]}}}',
  '{ "a" : 1.50e3 , "b" :\n"x" ,\t"c":[ ] }',
  String.raw`{"quote":"a\"b","slash":"a\\","both":"\\\"","brace":"}{][,:"}`,
  String.raw`{"\u0061b":"\ud83d\ude00","größe":"✓ 🎉"}`,
  '{"n":12345678901234567890,"x":1e309}',
  '{"a":1,"a":2}',
  '{"__proto__":{"admin":true},"constructor":1}',
];

test.each(BODIES)("%s: every member is found with the bytes of its value", (text) => {
  const bytes = Buffer.from(text);
  const parsed = JSON.parse(text) as JsonObject;
  const members = outlineOf(bytes)?.members ?? [];
  const read = Object.fromEntries(
    members.map(({ key, valueStart, end }) => [key, JSON.parse(bytes.toString("utf8", valueStart, end))]),
  );
  expect(read).toEqual(parsed);
});

test.each(BODIES)("%s: spliced without a change it means the same", (text) => {
  const bytes = Buffer.from(text);
  const parsed = JSON.parse(text) as JsonObject;
  const outline = outlineOf(bytes);
  if (!outline) throw new Error("no outline");
  expect(JSON.parse(spliceMembers(bytes, outline, parsed, { ...parsed }).toString())).toEqual(parsed);
});

test("what nobody touched keeps its bytes, the rest is dropped, replaced or added", () => {
  const text = '{"model":"m", "big": {"n": 12345678901234567890 , "s":"\\u00fc"} ,"stream":true,"max":1}';
  const bytes = Buffer.from(text);
  const before = JSON.parse(text) as JsonObject;
  const { model: _model, stream: _stream, ...kept } = before;
  const outline = outlineOf(bytes);
  if (!outline) throw new Error("no outline");
  const after = { ...kept, max: 2, version: "v" };
  expect(spliceMembers(bytes, outline, before, after).toString()).toBe(
    '{"big": {"n": 12345678901234567890 , "s":"\\u00fc"},"max":2,"version":"v"}',
  );
});

test("of members with one name the last is sent, alone", () => {
  const text = '{"x":1,"a":1,"y":2,"a":{"n":1.0},"z":3}';
  const bytes = Buffer.from(text);
  const before = JSON.parse(text) as JsonObject;
  const spliced = spliceMembers(bytes, outlineOf(bytes), before, { ...before, x: 2 }).toString();
  expect(spliced).toBe('{"x":2,"a":{"n":1.0},"y":2,"z":3}');
});

const INNER =
  '{"messages": [ {"id":12345678901234567890, "t":"ü\\u00fc"} , {"n": 1.0,"c":[{"x":1},{"y" : 2}]},3 ,[] ]}';

test.each<[string, (messages: Json[]) => Json[], string]>([
  [
    "a member of one message",
    ([first, second, ...rest]) => [first, { ...(second as JsonObject), role: "user" }, ...rest] as Json[],
    '[{"id":12345678901234567890, "t":"ü\\u00fc"},{"n": 1.0,"c":[{"x":1},{"y" : 2}],"role":"user"},3 ,[]]',
  ],
  [
    "an item deep inside",
    ([first, second, ...rest]) => {
      const message = second as { n: number; c: Json[] };
      return [first, { ...message, c: [message.c[0], { y: 3 }] }, ...rest] as Json[];
    },
    '[{"id":12345678901234567890, "t":"ü\\u00fc"},{"n": 1.0,"c":[{"x":1},{"y":3}]},3 ,[]]',
  ],
  ["items that went", ([first]) => [first ?? null], '[{"id":12345678901234567890, "t":"ü\\u00fc"}]'],
  [
    "items that came, and another order",
    ([first, second]) => [second ?? null, { größe: "„0“ 🎉" }, first ?? null, "x", 4],
    '[{"n": 1.0,"c":[{"x":1},{"y" : 2}]},{"größe":"„0“ 🎉"},{"id":12345678901234567890, "t":"ü\\u00fc"},"x",4]',
  ],
  ["all of them", () => [], "[]"],
  ["one for another kind", ([, , ...rest]) => [["a"], {}, ...rest], '[["a"],{},3 ,[]]'],
])("inside a list only what changed is serialised: %s", (_what, change, expected) => {
  const bytes = Buffer.from(INNER);
  const before = JSON.parse(INNER) as { messages: Json[] };
  const after = { messages: change(before.messages) };
  const spliced = spliceMembers(bytes, outlineOf(bytes), before, after).toString();
  expect(spliced).toBe(`{"messages":${expected}}`);
  expect(JSON.parse(spliced)).toEqual(after);
});

test.each([
  ["{}", 1],
  ['{"a":[[[]]]}', 4],
  ['{"a":"[[[["}', 1],
  [`{"a":${"[".repeat(200)}${"]".repeat(200)}}`, 201],
])("%.40s is nested %i deep", (text, depth) => {
  expect(outlineOf(Buffer.from(text))?.depth).toBe(depth);
});

test.each(["[1]", '"x"', "null", "", "   "])("%j has no members", (text) => {
  expect(outlineOf(Buffer.from(text))).toBeUndefined();
});
