import { expect, test } from "vitest";
import { BenchError } from "../../bench/errors.ts";
import { BEGIN, END, markdownOf, withTable } from "../../bench/markdown.ts";
import type { Run } from "../../bench/report.ts";

const RUN = {
  conditions: {
    ...{ date: "2026-11-22", version: "1.2.3 (abc)", node: "20.20.2" },
    ...{ cpu: "Some CPU", cores: 2, pinned: true, rounds: 3 },
  },
  scenarios: [],
  titles: { direct: "upstream alone", nginx: "nginx", pipe: "pipe", fetch: "fetch", aicore: "aicore serve" },
  readings: {
    body: {
      pipe: [{ requestCpu: 400 }, { requestCpu: 500 }],
      aicore: [{ requestCpu: 1200 }, { requestCpu: 2500 }],
    },
    start: { node: [{ wall: 40 }], claude: [{ wall: 112 }] },
  },
  missing: ["nginx is not installed here: left out."],
} as unknown as Run;

test("the table has medians, spreads, what they come to, and whether that is enough", () => {
  const table = markdownOf(RUN);
  const lines = table.split("\n").map((line) => line.replace(/ +/g, " "));
  expect(lines[0]).toContain("aicore 1.2.3 (abc), 2026-11-22, 2 × Some CPU, Node 20.20.2; 3 rounds");
  expect(lines).toContain(
    "| 540 KB body, CPU: top-level members only | 1,850 µs (1,200–2,500) | 450 µs (400–500) | – | – | × 4.00 (3.00–5.00) | ≤ × 3.5 | **no** |",
  );
  expect(lines).toContain(
    "| `aicore claude` before its child runs | 112 ms | 40 ms | + 72 ms | ≤ + 60 ms | **no** |",
  );
  expect(lines).toContain("nginx is not installed here: left out.");
  const widths = table
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .slice(0, 3)
    .map(({ length }) => length);
  expect(new Set(widths).size).toBe(1);
});

test("the table goes between the marks, however often", () => {
  const document = `# Title\n\n${BEGIN}\nold\n${END}\n\nmore\n`;
  const once = withTable(document, "| new |");
  expect(once).toBe(`# Title\n\n${BEGIN}\n\n| new |\n\n${END}\n\nmore\n`);
  expect(withTable(once, "| new |")).toBe(once);
});

test.each(["", BEGIN, `${END}\n${BEGIN}`])(
  "a document without the marks in order is left alone: %j",
  (document) => {
    expect(() => withTable(document, "| new |")).toThrow(BenchError);
  },
);
