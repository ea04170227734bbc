import { expect, test } from "vitest";
import type { Json } from "../../src/hub/json.ts";
import { toYaml } from "../../src/terminal/yaml.ts";

test.each<[Json, string]>([
  [{ a: 1, b: "x: y #z", c: null }, 'a: 1\nb: "x: y #z"\nc: null\n'],
  [{ list: [], map: {} }, "list: []\nmap: {}\n"],
  [
    {
      rows: [
        { id: "d1", on: true },
        { id: "d2", on: false },
      ],
    },
    'rows:\n  - id: "d1"\n    "on": true\n  - id: "d2"\n    "on": false\n',
  ],
  [["a", ["b"]], '- "a"\n- - "b"\n'],
  [{ "odd key": "line\nend" }, '"odd key": "line\\nend"\n'],
])("%j as YAML", (value, text) => {
  expect(toYaml(value)).toBe(text);
});
