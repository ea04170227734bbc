import { describe, expect, test } from "vitest";
import {
  customDescription,
  customInput,
  flatName,
  nameTools,
  openNamespaces,
  originOf,
  type ToolPlace,
} from "../../src/hub/tool-names.ts";

const long = "n".repeat(60);

test.each<[place: ToolPlace, name: string | RegExp]>([
  [{ name: "read" }, /^read$/],
  [{ name: "add", namespace: "mcp__demo" }, /^mcp__demo__add$/],
  [{ name: "a.b", namespace: "c/d" }, /^c_d__a_b$/],
  [{ name: "add", namespace: long }, /^n{55}_[0-9a-f]{8}$/],
  [{ name: "address", namespace: long }, /^n{55}_[0-9a-f]{8}$/],
])("%j is flat", (place, name) => {
  expect(flatName(place)).toMatch(name);
  expect(flatName(place).length).toBeLessThanOrEqual(64);
});

describe("names", () => {
  const places: ToolPlace[] = [
    { name: "b__c", namespace: "a" },
    { name: "c", namespace: "a__b" },
    { name: "x", namespace: "n" },
    { name: "n__x" },
    { name: `${long}1`, namespace: "ns" },
    { name: `${long}2`, namespace: "ns" },
  ];
  const nameOf = nameTools(places);

  test("no two are alike, and each is legal", () => {
    const names = places.map(nameOf);
    expect(new Set(names).size).toBe(places.length);
    for (const name of names) expect(name).toMatch(/^[\w-]{1,64}$/);
  });

  test("a plain tool keeps its name, whichever comes first", () => {
    expect(nameOf({ name: "n__x" })).toBe("n__x");
    expect(nameOf({ name: "x", namespace: "n" })).toMatch(/^n__x_[0-9a-f]{8}$/);
  });

  test("the same in every request", () => {
    expect(places.map(nameTools(places))).toEqual(places.map(nameOf));
  });

  test.each<[place: ToolPlace, name: string]>([
    [{ name: "x" }, nameOf({ name: "x", namespace: "n" })],
    [{ name: "gone" }, "gone"],
    [{ name: "gone", namespace: "n" }, "n__gone"],
  ])("%j, which is not declared", (place, name) => {
    expect(nameOf(place)).toBe(name);
  });

  test("of two namesakes none is meant", () => {
    const of = nameTools([
      { name: "x", namespace: "a" },
      { name: "x", namespace: "b" },
    ]);
    expect(of({ name: "x" })).toBe("x");
  });
});

test("namespaces are opened, each place once, and what has no name is kept", () => {
  const add = { type: "function", name: "add" };
  const opened = openNamespaces([
    add,
    { type: "namespace", name: "ns", tools: [add, { type: "custom", name: "say" }, "?"] },
    { type: "namespace", name: "ns", tools: [add] },
    { type: "web_search" },
    { type: "web_search" },
    null,
  ]);
  expect(opened.map(({ name, namespace, declaration }) => [namespace, name, declaration.type])).toEqual([
    [undefined, "add", "function"],
    ["ns", "add", "function"],
    ["ns", "say", "custom"],
    [undefined, "", "web_search"],
    [undefined, "", "web_search"],
  ]);
  expect(opened.map(originOf)).toEqual([
    undefined,
    { namespace: "ns", name: "add" },
    { custom: true, namespace: "ns", name: "say" },
    undefined,
    undefined,
  ]);
});

test("a free-form tool tells its grammar, and gives back its text", () => {
  const format = { type: "grammar", syntax: "lark", definition: "start: X" };
  expect(customDescription({ description: "Says.", format })).toBe(
    "Says.\n\nThe input follows this lark grammar:\nstart: X",
  );
  expect(customDescription({ format: { type: "text" } })).toBe("");
  expect(customInput({ input: "a\n" })).toBe("a\n");
  expect(customInput({ text: "a" })).toBe('{"text":"a"}');
});
