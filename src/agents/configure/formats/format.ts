/** How settings files of other programs are changed, whatever their syntax, and what is remembered of each change. */
import type { Json } from "../../../hub/json.ts";

/** What shall stand in a file. */
export type Entry = ValueEntry | ItemEntry;

export interface ValueEntry {
  /** The way to the value: `["env", "ANTHROPIC_BASE_URL"]`. */
  at: readonly string[];
  value: Json;
  /** `absent`: a value of the user's is left alone. `present`: only a value of the user's is replaced. */
  when?: "absent" | "present";
}

/** One element of a list; those of the user's stay. */
export interface ItemEntry {
  at: readonly string[];
  item: Json;
}

/** What was changed in a file: all that is needed to take it back. Kept as JSON in our state folder. */
export type Change =
  /** A value that was not there. */
  | { kind: "added"; at: readonly string[]; value: Json }
  /** A value of the user's gave way; `was` is its text. */
  | { kind: "replaced"; at: readonly string[]; value: Json; was: string }
  | { kind: "item"; at: readonly string[]; value: Json }
  /** An object or list that we made, or that was empty; then `was` is the text that stood in it. */
  | { kind: "made"; at: readonly string[]; was?: string }
  /** A file that held nothing but the space in `was`. */
  | { kind: "begun"; was: string }
  | BlockChange;

/** Lines between two marker comments. */
export interface BlockChange {
  kind: "block";
  name: string;
  /** The list that the lines belong to, where they are its elements. */
  at?: readonly string[];
  /** Without line ends. */
  lines: string[];
  /** Whether the line before it got its end from us, and an empty line behind it. */
  closed: boolean;
  spaced: boolean;
}

export interface Written {
  text: string;
  changes: Change[];
  /** What the user changed since and what is therefore left: a sentence each. */
  kept: string[];
}

/**
 * Makes the entries stand in a text, and takes out what earlier changes put there and is not asked for any more; with
 * no entries, all of it. The text has no byte order mark. Every byte that is not ours stays.
 * @throws MisfitError for a text that is not of this format, or in which the entries have no place
 */
export type Write = (text: string, entries: readonly Entry[], earlier: readonly Change[]) => Written;

/** A text cannot take the change; `offset` says where. */
export class MisfitError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(text: string, offset: number, what: string) {
    super(what);
    const before = text.slice(0, offset).split(/\r\n|\r|\n/);
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}

/** The line end that a text uses: that of its first line. */
export function lineEndOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}

/** A text in place of a part of another. */
export function splice(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

/** For people: `env.ANTHROPIC_BASE_URL`. */
export function nameOf(at: readonly string[]): string {
  return at.join(".");
}

export function sameWay(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((step, index) => step === other[index]);
}
