import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/commands/index.ts";
import type { CommandRow } from "../../src/commands/types.ts";
import { commandLinesIn, parse } from "../docs/command-lines.ts";

interface Runnable {
  path: string;
  row: CommandRow;
}

const RUNNABLE = COMMANDS.flatMap((row) => runnableIn(row, ""));
const EXAMPLES = RUNNABLE.flatMap(({ path, row }) => (row.examples ?? []).map((line) => ({ path, line })));

function runnableIn(row: CommandRow, above: string): Runnable[] {
  const path = `${above}${row.name}`;
  const own = row.load && !row.topic && !row.hidden ? [{ path, row }] : [];
  return [...own, ...(row.verbs ?? []).flatMap((verb) => runnableIn(verb, `${path} `))];
}

test.each(RUNNABLE)("aicore $path has an example of its own", ({ path, row }) => {
  const start = new RegExp(`\\baicore (--?[\\w-]+( [\\w-]+)? )*${path}\\b`);
  expect((row.examples ?? []).filter((line) => start.test(line))).not.toEqual([]);
});

describe("every example is a command line that is understood", () => {
  test.each(EXAMPLES)("$line", async ({ line }) => {
    const lines = commandLinesIn(line);
    expect(lines.length).toBeGreaterThan(0);
    for (const words of lines) expect(await parse(words)).toBe(1);
  });
});
