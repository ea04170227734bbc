/**
 * Lines of ours between two marker comments, for formats where `#` begins a comment. What the user writes between the
 * markers is the user's: when our lines go, it stays.
 */
import { type BlockChange, lineEndOf, splice } from "./format.ts";

export interface Block {
  /** Of the begin marker's line, and past the end marker's line. */
  start: number;
  end: number;
  /** Between the markers, without line ends. */
  lines: string[];
}

function markersOf(name: string): { begin: string; end: string } {
  return {
    begin: `# >>> aicore (${name}): undone by aicore unconfigure >>>`,
    end: `# <<< aicore (${name}) <<<`,
  };
}

/** The block of that name; undefined where a marker is missing. */
export function blockIn(text: string, name: string): Block | undefined {
  const { begin, end } = markersOf(name);
  const start = lineThatIs(text, begin, 0);
  const last = start && lineThatIs(text, end, start.end);
  if (!start || !last) return undefined;
  const inner = text.slice(start.end, last.start);
  return { start: start.start, end: last.end, lines: inner === "" ? [] : linesOf(inner) };
}

export function insertBlock(
  text: string,
  at: number,
  {
    name,
    lines,
    indent = "",
    spaced = false,
  }: { name: string; lines: string[]; indent?: string; spaced?: boolean },
): { text: string; change: BlockChange } {
  const eol = lineEndOf(text);
  const closed = at > 0 && text.charAt(at - 1) !== "\n";
  const gap = spaced && at > 0 && !/(^|\n)\r?\n$/.test(text.slice(0, at));
  const { begin, end } = markersOf(name);
  const block = [begin, ...lines, end].map((line) => `${indent}${line}${eol}`).join("");
  return {
    text: splice(text, at, at, `${closed ? eol : ""}${gap ? eol : ""}${block}`),
    change: { kind: "block", name, lines: lines.map((line) => indent + line), closed, spaced: gap },
  };
}

/** Other lines in place of ours; those that the user wrote between the markers come behind them. */
export function refillBlock(text: string, change: BlockChange, lines: string[]): string {
  const block = blockIn(text, change.name);
  if (!block) return text;
  const { begin, end } = markersOf(change.name);
  const eol = lineEndOf(text);
  const all = [begin, ...lines, ...strangersIn(block, change), end].map((line) => `${line}${eol}`).join("");
  return splice(text, block.start, block.end, all);
}

/**
 * A block with the user's lines alone, so that all that can be read between the markers is the user's; and the change
 * that fits it from then on.
 */
export function emptyBlock(text: string, change: BlockChange): { text: string; change: BlockChange } {
  const block = blockIn(text, change.name);
  const lines = block ? headFor(strangersIn(block, change), change) : [];
  return { text: refillBlock(text, change, lines), change: { ...change, lines } };
}

/** Takes a block out, with the space that came with it. @param left of its lines, those that stay: the user's */
export function dropBlock(text: string, change: BlockChange, left?: string[]): string {
  const block = blockIn(text, change.name);
  if (!block) return text;
  const eol = lineEndOf(text);
  const strangers = strangersIn(block, change);
  const stay = left ?? [...headFor(strangers, change), ...strangers];
  const behind = stay.map((line) => `${line}${eol}`).join("") + text.slice(block.end);
  const before = text.slice(0, block.start);
  const unspaced = change.spaced && before.endsWith(eol) ? before.slice(0, -eol.length) : before;
  const open = change.closed && behind === "" && unspaced.endsWith(eol);
  return (open ? unspaced.slice(0, -eol.length) : unspaced) + behind;
}

/** Takes the markers away and leaves the lines. */
export function unwrapBlock(text: string, change: BlockChange): string {
  const block = blockIn(text, change.name);
  if (!block) return text;
  const lines = block.lines.map((line) => `${line}${lineEndOf(text)}`).join("");
  return splice(text, block.start, block.end, lines);
}

/** The lines in a block that we did not write. */
function strangersIn(block: Block, change: BlockChange): string[] {
  const ours = [...change.lines];
  return block.lines.filter((line) => {
    const index = ours.indexOf(line);
    if (index >= 0) ours.splice(index, 1);
    return index < 0;
  });
}

/** The name of a table of ours, as long as what the user wrote stands below it. */
function headFor(strangers: string[], { lines: [head = ""] }: BlockChange): string[] {
  const first = strangers.find((line) => !/^\s*(#|$)/.test(line));
  return head.startsWith("[") && first !== undefined && !/^\s*\[/.test(first) ? [head] : [];
}

function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, "").split(/\r?\n/);
}

function lineThatIs(text: string, wanted: string, from: number): { start: number; end: number } | undefined {
  for (let start = from; start < text.length; ) {
    const next = text.indexOf("\n", start);
    const end = next < 0 ? text.length : next + 1;
    if (text.slice(start, end).trim() === wanted) return { start, end };
    start = end;
  }
  return undefined;
}
