import { describe, expect, test } from "vitest";
import { age, type Column, renderTable } from "../../src/terminal/table.ts";

interface Row {
  id: string;
  name: string;
}

const COLUMNS: Column<Row>[] = [
  { title: "Id", value: ({ id }) => id, whole: true },
  { title: "Name", value: ({ name }) => name },
];
const ROWS = [
  { id: "d0123456789abcdef", name: "short" },
  { id: "d1", name: "a name that goes on and on" },
];

describe("a table", () => {
  test("aligns its columns and ends no line with blanks", () => {
    expect(renderTable(COLUMNS, ROWS)).toBe(
      [
        "ID                 NAME",
        "d0123456789abcdef  short",
        "d1                 a name that goes on and on",
        "",
      ].join("\n"),
    );
  });

  test("fits a terminal by shortening names, never ids", () => {
    expect(renderTable(COLUMNS, ROWS, 32)).toBe(
      ["ID                 NAME", "d0123456789abcdef  short", "d1                 a name tha...", ""].join(
        "\n",
      ),
    );
  });

  test("leaves spare columns out on a narrow terminal, never on a pipe", () => {
    const wide: Column<Row>[] = [
      ...COLUMNS,
      { title: "First", value: () => "x", spare: 2 },
      { title: "Second", value: () => "y", spare: 1 },
    ];
    const titles = (width?: number) => renderTable(wide, ROWS, width).split("\n")[0]?.split(/ +/);
    expect(titles()).toEqual(["ID", "NAME", "FIRST", "SECOND"]);
    expect(titles(56)).toEqual(["ID", "NAME", "SECOND"]);
    expect(titles(40)).toEqual(["ID", "NAME"]);
  });

  test("is wider than a terminal rather than cut an id", () => {
    expect(renderTable(COLUMNS, ROWS, 10)).toContain("d0123456789abcdef");
  });

  test("takes the escape sequences and line ends out of what others wrote", () => {
    const text = renderTable(COLUMNS, [{ id: "\u001b[31md1\u001b[0m", name: "two\r\nlines\u0007\u202e" }]);
    expect(text).toBe("ID  NAME\nd1  two lines\n");
  });

  test("paints finished cells, so that colors do not count as width", () => {
    const painted = [
      { ...COLUMNS[0], paint: (cell: string) => `<${cell}>` } as Column<Row>,
      ...COLUMNS.slice(1),
    ];
    expect(renderTable(painted, [{ id: "d1", name: "x" }])).toBe("ID  NAME\n<d1>  x\n");
  });
});

const NOW = Date.parse("2026-11-21T12:00:00Z");
test.each([
  ["2026-11-21T11:59:30Z", "30s"],
  ["2026-11-21T11:55:00Z", "5m"],
  ["2026-11-21T09:00:00Z", "3h"],
  ["2026-11-01T12:00:00Z", "20d"],
  ["2026-11-22T12:00:00Z", "0s"],
  ["", "-"],
])("the age of %s is %s", (time, text) => {
  expect(age(time, NOW)).toBe(text);
});
