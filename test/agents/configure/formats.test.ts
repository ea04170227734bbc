/** The promise: `configure` then `unconfigure` leaves every byte, whatever the file and whatever was changed since. */
import { describe, expect, test } from "vitest";
import type { Entry } from "../../../src/agents/configure/formats/format.ts";
import { FORMATS, type FormatName } from "../../../src/agents/configure/formats/index.ts";
import { TOOLS } from "../../../src/agents/configure/index.ts";
import { doorAt, placeIn } from "./door.ts";
import { ORIGINALS } from "./originals.ts";
import { dataOf } from "./read.ts";

interface Case {
  tool: string;
  format: FormatName;
  file: string;
  text: string;
}

async function entriesOf(tool: string, format: FormatName, port = 6655, ids?: string[]): Promise<Entry[]> {
  const setup = TOOLS.find(({ name }) => name === tool)?.setup;
  if (setup?.kind !== "files") throw new Error(`${tool} has no files`);
  const files = await setup.files(doorAt(port, ids), placeIn("/home/u"));
  return files.find((file) => file.format === format)?.entries ?? [];
}

const FORMATS_OF: [string, FormatName][] = [
  ["claude", "json"],
  ["codex", "toml"],
  ["opencode", "json"],
  ["gemini", "json"],
  ["gemini", "dotenv"],
  ["qwen", "json"],
  ["continue", "yaml"],
  ["continue", "dotenv"],
  ["zed", "json"],
];

const CASES: Case[] = FORMATS_OF.flatMap(([tool, format]) =>
  Object.entries(ORIGINALS[format]).map(([file, text]) => ({ tool, format, file, text })),
);

describe.each(CASES)("$tool, $format: $file", ({ tool, format, text }) => {
  const write = FORMATS[format];

  test("what shall stand there stands there, and undoing gives back every byte", async () => {
    const entries = await entriesOf(tool, format);
    const done = write(text, entries, []);
    for (const { at, ...entry } of entries) {
      const there = dataOf(format, done.text, at);
      if ("item" in entry) expect(there).toContainEqual(entry.item);
      else if (entry.when === undefined) expect(there).toEqual(entry.value);
    }
    expect(write(done.text, [], done.changes)).toEqual({ text, changes: [], kept: [] });
  });

  test("a second time changes nothing", async () => {
    const entries = await entriesOf(tool, format);
    const once = write(text, entries, []);
    expect(write(once.text, entries, once.changes)).toEqual({ ...once, kept: [] });
  });

  test("another port and other models replace the old ones, and undoing still gives back every byte", async () => {
    const once = write(text, await entriesOf(tool, format), []);
    const ids = ["anthropic--claude-4.6-sonnet", "gemini-3.5-flash", "gpt-6"];
    const next = await entriesOf(tool, format, 7000, ids);
    const twice = write(once.text, next, once.changes);
    expect(twice.text).not.toContain("6655");
    expect(twice.text).not.toContain("gpt-5.5");
    const { text: fresh } = write(text, next, []);
    for (const { at } of next) expect(dataOf(format, twice.text, at)).toEqual(dataOf(format, fresh, at));
    expect(write(twice.text, [], twice.changes).text).toBe(text);
  });
});
