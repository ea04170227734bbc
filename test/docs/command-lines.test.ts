/** No document shows a command, an argument or an option that there is not. */
import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { commandLinesIn, parse } from "./command-lines.ts";
import { blocksOf, DOCUMENTS, spansOf } from "./markdown.ts";

/** A sentence may name a command without all that it needs, and `--version`, which is none. */
const IN_A_SENTENCE = ["commander.missingArgument", "commander.version"];
const COMMAND = /\baicore [\w-]/;

interface Shown {
  document: string;
  line: string;
}

const BLOCKS = DOCUMENTS.flatMap((document) =>
  [...blocksOf(document, "sh"), ...blocksOf(document, "text")].flatMap((block) =>
    block
      .replaceAll("\\\n", " ")
      .split("\n")
      .map((line) => line.replace(/(^|\s)#.*/, "").trim())
      .filter((line) => COMMAND.test(line))
      .map((line): Shown => ({ document, line })),
  ),
);
const SPANS = DOCUMENTS.flatMap((document) =>
  spansOf(document)
    .filter((span) => COMMAND.test(span))
    .map((line): Shown => ({ document, line })),
);

test.each(BLOCKS)("$document: $line", async ({ line }) => {
  const lines = commandLinesIn(line);
  expect(lines.length).toBeGreaterThan(0);
  for (const words of lines) expect(await parse(words)).toBe(1);
});

test.each(SPANS)("$document, in a sentence: $line", async ({ line }) => {
  for (const words of commandLinesIn(line).flatMap(alternatives)) {
    await parse(words).catch((error: unknown) => {
      if (!(error instanceof CommanderError) || !IN_A_SENTENCE.includes(error.code)) throw error;
    });
  }
});

test.each([
  ["an unknown command", "aicore deploymnts list"],
  ["an unknown verb", "aicore models lst"],
  ["an unknown option", "aicore deployments create x --wiat"],
  ["an argument too many", "aicore status x"],
])("%s is found: %s", async (_name, line) => {
  const [words = []] = commandLinesIn(line);
  await expect(parse(words)).rejects.toThrow();
});

/** `a|b` and `[c]` as the words that they stand for. */
function alternatives(words: string[]): string[][] {
  return words
    .map((word) => word.replace(/^\[(.*)\]$/, "$1").split("|"))
    .reduce<string[][]>(
      (lines, choices) => lines.flatMap((line) => choices.map((word) => [...line, word])),
      [[]],
    );
}
