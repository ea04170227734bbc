import { describe, expect, test, vi } from "vitest";
import { buildProgram } from "../../src/cli.ts";
import { COMMANDS } from "../../src/commands/index.ts";
import type { CommandRow } from "../../src/commands/types.ts";

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
    for (const words of lines) {
      const started = vi.fn(async () => undefined);
      await buildProgram(COMMANDS.map((row) => harmless(row, started))).parseAsync([
        "node",
        "aicore",
        ...words,
      ]);
      expect(started).toHaveBeenCalledOnce();
    }
  });
});

/** The same row, with nothing behind it. */
function harmless(row: CommandRow, run: () => Promise<undefined>): CommandRow {
  return {
    ...row,
    ...(row.load && { load: async () => ({ run }) }),
    ...(row.verbs && { verbs: row.verbs.map((verb) => harmless(verb, run)) }),
  };
}

/** The words behind each `aicore` of a shell line, up to where the shell takes over again. */
function commandLinesIn(line: string): string[][] {
  const inner = line.replace(/^eval "\$\((.*)\)"/, "$1").replace(/<\((.*)\)/, "; $1");
  return inner
    .split(/\s(?:&&|\|)\s|;\s*|\s[<>]\s\S+/)
    .map(wordsOf)
    .filter(([program]) => program === "aicore")
    .map(([, ...words]) => words);
}

function wordsOf(part: string): string[] {
  return [...part.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? "",
  );
}
