/** The `aicore …` command lines that a document or an example shows. */
import { vi } from "vitest";
import { buildProgram } from "../../src/cli.ts";
import { COMMANDS } from "../../src/commands/index.ts";
import type { CommandRow } from "../../src/commands/types.ts";

/**
 * Parses `words` as the real program would, and runs nothing.
 * @returns how many commands it would have run
 * @throws CommanderError for a command, an argument or an option that there is not
 */
export async function parse(words: readonly string[]): Promise<number> {
  const started = vi.fn(async () => undefined);
  const program = buildProgram(COMMANDS.map((row) => harmless(row, started)));
  await program.parseAsync(["node", "aicore", ...words]);
  return started.mock.calls.length;
}

/** The same row, with nothing behind it. */
function harmless(row: CommandRow, run: () => Promise<undefined>): CommandRow {
  return {
    ...row,
    ...(row.load && { load: async () => ({ run }) }),
    ...(row.verbs && { verbs: row.verbs.map((verb) => harmless(verb, run)) }),
  };
}

/** The words behind each `aicore` of a shell line, up to where the shell takes over again. */
export function commandLinesIn(line: string): string[][] {
  return line
    .replace(/(^|\s)#.*/, "")
    .replace(/\w*=?"?\$\(([^()]*)\)"?/g, "; $1;")
    .replace(/<\((.*?)\)/g, "; $1;")
    .split(/\s*(?:&&|\|\||\s\||;)\s*|\s[<>]\s\S+/)
    .map(wordsOf)
    .map((words) => words.slice(words.findIndex((word) => !/^([A-Z_]+=|npx$)/.test(word))))
    .filter(([program]) => program === "aicore")
    .map(([, ...words]) => words.filter((word) => word !== "&"));
}

function wordsOf(part: string): string[] {
  return [...part.matchAll(/(?:[A-Z_]+="[^"]*")|'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([all, single, double, bare]) => single ?? double ?? bare ?? all,
  );
}
