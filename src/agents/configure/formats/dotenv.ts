/** Variables in a `.env` file: exchanged where the user has set them, else in a block at the end. */
import { blockIn, dropBlock, emptyBlock, insertBlock, refillBlock } from "./block.ts";
import { type BlockChange, type Change, splice, type ValueEntry, type Write } from "./format.ts";

const BLOCK = "variables";

type Replaced = Extract<Change, { kind: "replaced" }>;

export const writeDotenv: Write = (original, entries, earlier) => {
  const values = entries.filter((entry): entry is ValueEntry => "value" in entry);
  const block = earlier.find((change): change is BlockChange => change.kind === "block");
  const replaced = earlier.filter((change): change is Replaced => change.kind === "replaced");
  const changes: Change[] = [];
  const kept: string[] = [];
  const emptied = block && emptyBlock(original, block);
  let text = emptied?.text ?? original;

  for (const { at, value, was } of replaced.filter(
    (change) => !values.some((entry) => entry.at[0] === change.at[0]),
  )) {
    const found = variableIn(text, at[0] ?? "");
    if (found?.raw === value) text = splice(text, found.start, found.end, was);
    else kept.push(`${at[0]} was changed since and stays.`);
  }
  const lines: string[] = [];
  for (const { at, value } of values) {
    const [name = ""] = at;
    const raw = String(value);
    const found = variableIn(text, name);
    if (!found) lines.push(`${name}=${raw}`);
    else {
      const before = replaced.find((change) => change.at[0] === name && change.value === found.raw);
      if (before) changes.push({ ...before, value: raw });
      else if (found.raw !== raw) changes.push({ kind: "replaced", at, value: raw, was: found.raw });
      text = splice(text, found.start, found.end, raw);
    }
  }
  const there = blockIn(text, BLOCK) && emptied?.change;
  if (block && !there) kept.push("The variables stay: the markers around them are gone.");
  if (there && lines.length > 0) {
    text = refillBlock(text, there, lines);
    changes.push({ ...there, lines });
  } else if (there) {
    text = dropBlock(text, there);
  } else if (lines.length > 0) {
    const set = insertBlock(text, text.length, { name: BLOCK, lines });
    text = set.text;
    changes.push(set.change);
  }
  return { text, changes, kept };
};

/** The value of a variable, as it is written; of several the last, which is the one that counts. */
function variableIn(text: string, name: string): { raw: string; start: number; end: number } | undefined {
  const found = [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*(.*?)[ \t]*$/gm)].findLast(
    ([, key]) => key === name,
  );
  if (!found) return undefined;
  const raw = found[2] ?? "";
  const start = found.index + found[0].lastIndexOf(raw);
  return { raw, start, end: start + raw.length };
}
