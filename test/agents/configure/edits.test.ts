/** What the user does to a file between `configure` and `unconfigure` stays; only what is ours goes. */
import { describe, expect, test } from "vitest";
import type { Entry } from "../../../src/agents/configure/formats/format.ts";
import { FORMATS, type FormatName } from "../../../src/agents/configure/formats/index.ts";

const ENTRIES: Record<FormatName, Entry[]> = {
  json: [
    { at: ["env", "URL"], value: "http://ours" },
    { at: ["env", "KEY"], value: "ours" },
    { at: ["helper"], value: "cat" },
    { at: ["list", "of"], item: { id: "ours" } },
  ],
  toml: [
    { at: ["model"], value: "ours" },
    { at: ["model_provider"], value: "aicore" },
    { at: ["providers", "aicore", "name"], value: "Ours" },
    { at: ["providers", "aicore", "url"], value: "http://ours" },
  ],
  yaml: [
    { at: ["name"], value: "ours", when: "absent" },
    { at: ["models"], item: { name: "ours", roles: ["chat"], provider: "x" } },
    { at: ["models"], item: { name: "ours too", provider: "x" } },
  ],
  dotenv: [
    { at: ["URL"], value: "http://ours" },
    { at: ["KEY"], value: "ours" },
  ],
};

type Edit = (text: string) => string;
const swap =
  (from: string | RegExp, to: string): Edit =>
  (text) => {
    if (text.search(from instanceof RegExp ? from : from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) < 0) {
      throw new Error(`the edit does not fit: ${from} in\n${text}`);
    }
    return text.replace(from, () => to);
  };
const append =
  (more: string): Edit =>
  (text) =>
    text + more;
const prepend =
  (more: string): Edit =>
  (text) =>
    more + text;

/** Edits beside what is ours, which fit the file with and without it: undoing gives what they make of the original. */
const BESIDE: [FormatName, string, string, Edit][] = [
  ["json", "another value", '{\n  "theme": "dark"\n}\n', swap("dark", "light")],
  ["json", "a comment at the top", '{\n  "theme": "dark"\n}\n', prepend("// mine\n")],
  ["json", "a comment at the end", '{\n  "theme": "dark"\n}\n', append("// mine\n")],
  ["json", "a member at the front", '{\n  "theme": "dark"\n}\n', swap("{\n", '{\n  "mine": 1,\n')],
  ["json", "a member at the end", '{\n  "theme": "dark"\n}\n', swap(/\n\}\n$/, ',\n  "mine": 1\n}\n')],
  ["json", "a member at the end of a compact file", '{"theme":"dark"}', swap(/\}$/, ',"mine":1}')],
  [
    "json",
    "a member beside ours",
    '{\n  "env": {\n    "A": "1"\n  }\n}\n',
    swap('"A": "1"', '"A": "1",\n    "B": "2"'),
  ],
  [
    "json",
    "a comment beside ours",
    '{\n  "env": {\n    "A": "1"\n  }\n}\n',
    swap('"A": "1"', '// b\n    "A": "1"'),
  ],
  [
    "json",
    "an element before ours",
    '{\n  "list": { "of": [ { "id": "a" } ] }\n}\n',
    swap('{ "id": "a" }', '{ "id": "b" }, { "id": "a" }'),
  ],
  ["json", "all line ends", '{\n  "theme": "dark"\n}\n', (text) => text.replaceAll("\n", "\r\n")],
  ["json", "the user's own gone", '{\n  "theme": "dark",\n  "b": 1\n}\n', swap('  "theme": "dark",\n', "")],
  ["toml", "another value", "a = 1\n[t]\nb = 2\n", swap("b = 2", "b = 3")],
  [
    "toml",
    "a table at the end",
    "a = 1\n[t]\nb = 2\n",
    append('\n[projects."/x"]\ntrust_level = "trusted"\n'),
  ],
  [
    "toml",
    "a table at the end, which had no line end",
    "a = 1",
    (text) => `${text.replace(/\n?$/, "\n")}[more]\nx = 1\n`,
  ],
  ["toml", "a top value", "a = 1\n[t]\nb = 2\n", swap("a = 1\n", "a = 1\nc = 4\n")],
  ["toml", "a comment at the top", "a = 1\n[t]\nb = 2\n", prepend("# mine\n")],
  ["toml", "all line ends", "a = 1\n\n[t]\nb = 2\n", (text) => text.replaceAll("\n", "\r\n")],
  ["yaml", "another value", "name: x\nmodels:\n  - name: own\n", swap("name: x", "name: y")],
  ["yaml", "a key at the end", "name: x\nmodels:\n  - name: own\n", append("rules: []\n")],
  [
    "yaml",
    "an element in front",
    "models:\n  - name: own\n",
    swap("models:\n", "models:\n  - name: first\n"),
  ],
  [
    "yaml",
    "the user's element changed",
    "models:\n  - name: own\nx: 1\n",
    swap("name: own", "name: mine # c"),
  ],
  ["dotenv", "a variable at the end", "A=1\n", append("B=2\n")],
  ["dotenv", "a variable at the top", "A=1\n", prepend("B=2\n")],
  ["dotenv", "another value", "A=1\n", swap("A=1", "A=3")],
];

describe.each(BESIDE)("%s: %s", (format, _name, original, edit) => {
  test("stays, and every other byte comes back", () => {
    const write = FORMATS[format];
    const done = write(original, ENTRIES[format], []);
    const undone = write(edit(done.text), [], done.changes);
    expect(undone.text).toBe(edit(original));
    expect(undone.kept).toEqual([]);
  });

  test("stays when the same is configured again", () => {
    const write = FORMATS[format];
    const done = write(original, ENTRIES[format], []);
    const again = write(edit(done.text), ENTRIES[format], done.changes);
    expect(again.text).toBe(edit(done.text));
    expect(write(again.text, [], again.changes).text).toBe(edit(original));
  });
});

/** Edits of what is ours: original, edit, what is left after undoing, and how many things the user is told of. */
const INSIDE: [FormatName, string, string, Edit, string, number][] = [
  [
    "json",
    "a value of ours changed",
    '{"a":1}',
    swap('"helper":"cat"', '"helper":"mine"'),
    '{"a":1,"helper":"mine"}',
    1,
  ],
  ["json", "a key of ours removed", '{"a":1}', swap(',"helper":"cat"', ""), '{"a":1}', 0],
  [
    "json",
    "a key added to our object",
    '{\n  "a": 1\n}\n',
    swap('"KEY": "ours"', '"KEY": "ours",\n    "MINE": "1"'),
    '{\n  "a": 1,\n  "env": {\n    "MINE": "1"\n  }\n}\n',
    0,
  ],
  [
    "json",
    "a comment in our object",
    '{\n  "a": 1\n}\n',
    swap('"KEY": "ours"', '// note\n    "KEY": "ours"'),
    '{\n  "a": 1,\n  "env": {\n    // note\n  }\n}\n',
    0,
  ],
  [
    "json",
    "our object made something else",
    '{"a":1}',
    swap(/"env":\{[^}]*\}/, '"env":5'),
    '{"a":1,"env":5}',
    0,
  ],
  [
    "json",
    "a value of the user's that gave way, changed again",
    '{"helper":"old"}',
    swap('"helper":"cat"', '"helper":"new"'),
    '{"helper":"new"}',
    1,
  ],
  [
    "json",
    "an element of ours changed",
    '{"list":{"of":[1]}}',
    swap('{"id":"ours"}', '{"id":"mine"}'),
    '{"list":{"of":[1,{"id":"mine"}]}}',
    0,
  ],
  [
    "json",
    "a member behind ours, on a line below a comment",
    '{\n  "a": 1 // c\n}\n',
    swap('"helper": "cat",', '"helper": "cat", "mine": 2,'),
    '{\n  "a": 1, // c\n  "mine": 2\n}\n',
    0,
  ],
  ["json", "all emptied", '{"a":1}', () => "", "", 0],
  [
    "toml",
    "a value of ours changed",
    "a = 1\n",
    swap('model = "ours"', 'model = "mine"'),
    'model = "mine"\na = 1\n',
    0,
  ],
  [
    "toml",
    "a top value added in our block",
    "a = 1\n",
    swap('model = "ours"\n', 'model = "ours"\neffort = "high"\n'),
    'effort = "high"\na = 1\n',
    0,
  ],
  [
    "toml",
    "a value added to our table",
    "a = 1\n",
    swap('url = "http://ours"\n', 'url = "http://ours"\nretries = 2\n'),
    "a = 1\n[providers.aicore]\nretries = 2\n",
    0,
  ],
  [
    "toml",
    "a table of the user's in our block",
    "a = 1\n",
    swap('url = "http://ours"\n', 'url = "http://ours"\n\n[mine]\nx = 1\n'),
    "a = 1\n\n[mine]\nx = 1\n",
    0,
  ],
  [
    "toml",
    "a replaced value changed again",
    "model = 'old'\n",
    swap('model = "ours"', 'model = "new"'),
    'model = "new"\n',
    1,
  ],
  [
    "toml",
    "a marker removed",
    "a = 1\n",
    swap(/# <<< aicore \(settings\) <<<\n/, ""),
    '# >>> aicore (settings): undone by aicore unconfigure >>>\nmodel = "ours"\nmodel_provider = "aicore"\na = 1\n',
    1,
  ],
  [
    "yaml",
    "an element behind ours",
    "name: x\n",
    append("  - name: mine\n"),
    "name: x\nmodels:\n  - name: mine\n",
    0,
  ],
  [
    "yaml",
    "a list that was empty, filled",
    "models: []\n",
    append("  - name: mine\n"),
    "models:\n  - name: mine\n",
    0,
  ],
  [
    "yaml",
    "a line added to an element of ours",
    "name: x\n",
    swap("name: ours\n", "name: ours\n    mine: 1\n"),
    "name: x\nmodels:\n  - name: ours\n    mine: 1\n    roles:\n      - chat\n    provider: x\n",
    0,
  ],
  [
    "yaml",
    "comments among ours",
    "name: x\n",
    swap("    provider: x\n", "    # why\n    provider: x\n\n"),
    "name: x\n    # why\n\n",
    0,
  ],
  ["dotenv", "a value of ours changed", "A=1\n", swap("KEY=ours", "KEY=mine"), "A=1\nKEY=mine\n", 0],
  ["dotenv", "a replaced value changed again", "KEY=old\n", swap("KEY=ours", "KEY=new"), "KEY=new\n", 1],
];

test.each(INSIDE)("%s: %s", (format, _name, original, edit, left, told) => {
  const write = FORMATS[format];
  const done = write(original, ENTRIES[format], []);
  const undone = write(edit(done.text), [], done.changes);
  expect(undone.text).toBe(left);
  expect(undone.kept).toHaveLength(told);
});

/** Configuring again sets what the user changed; undoing then gives back the user's last word. */
const AGAIN: [FormatName, string, Edit, string][] = [
  ["json", '{"a":1}', swap('"helper":"cat"', '"helper":"mine"'), '{"a":1,"helper":"mine"}'],
  ["toml", "a = 1\n", swap('model = "ours"', 'model = "mine"'), 'model = "mine"\na = 1\n'],
  ["dotenv", "A=1\n", swap("KEY=ours", "KEY=mine"), "A=1\nKEY=mine\n"],
];

test.each(AGAIN)(
  "%s: a value of ours that the user changed comes back after a second configure",
  (format, original, edit, left) => {
    const write = FORMATS[format];
    const once = write(original, ENTRIES[format], []);
    const twice = write(edit(once.text), ENTRIES[format], once.changes);
    expect(twice.text).not.toContain("mine");
    expect(write(twice.text, [], twice.changes).text).toBe(left);
  },
);
