/**
 * TOML settings. Values at the top go into a block before everything else, since no table may have begun there; a table
 * goes into a block at the end, where it can break none of the user's. A top value that the user has set is exchanged in
 * its place: a key may not stand twice.
 */
import type { Json } from "../../../hub/json.ts";
import { blockIn, dropBlock, emptyBlock, insertBlock, refillBlock } from "./block.ts";
import {
  type BlockChange,
  type Change,
  MisfitError,
  nameOf,
  sameWay,
  splice,
  type ValueEntry,
  type Write,
} from "./format.ts";
import { type Statement, statementsOf } from "./toml-statements.ts";

const TOP = "settings";
const TABLE = "table";

type Replaced = Extract<Change, { kind: "replaced" }>;

export const writeToml: Write = (original, entries, earlier) => {
  const values = entries.filter((entry): entry is ValueEntry => "value" in entry);
  statementsOf(original);
  const state = { text: original, changes: [] as Change[], kept: [] as string[] };
  const blocks = earlier
    .filter((change): change is BlockChange => change.kind === "block")
    .map((block) => {
      if (!blockIn(state.text, block.name))
        state.kept.push(`The lines of the block "${block.name}" stay: its markers are gone.`);
      const { text, change } = emptyBlock(state.text, block);
      state.text = text;
      return change;
    });
  const replaced = earlier.filter((change): change is Replaced => change.kind === "replaced");
  for (const change of replaced) if (!values.some(({ at }) => sameWay(at, change.at))) putBack(state, change);

  const top = values.filter(({ at }) => at.length === 1);
  const exchanged = top.filter((entry) => exchange(state, entry, replaced));
  const rows = top.filter((entry) => !exchanged.includes(entry)).map(rowOf);
  setBlock(state, TOP, rows, blocks);
  setBlock(state, TABLE, tableOf(values, state.text), blocks);
  return state;
};

type State = ReturnType<Write>;

function putBack(state: State, { at, value, was }: Replaced): void {
  const pair = topPair(state.text, at);
  if (pair && rawOf(state.text, pair) === toml(value)) {
    state.text = splice(state.text, pair.valueStart, pair.end, was);
  } else state.kept.push(`${nameOf(at)} was changed since and stays.`);
}

/** Exchanges the value that the user has set. @returns whether there is one */
function exchange(state: State, { at, value }: ValueEntry, replaced: readonly Replaced[]): boolean {
  const pair = topPair(state.text, at);
  if (!pair) return false;
  const present = rawOf(state.text, pair);
  const earlier = replaced.find((change) => sameWay(change.at, at));
  if (earlier && present === toml(earlier.value)) state.changes.push({ ...earlier, value });
  else if (present !== toml(value)) state.changes.push({ kind: "replaced", at, value, was: present });
  state.text = splice(state.text, pair.valueStart, pair.end, toml(value));
  return true;
}

/** The lines of the one table that a tool gets. @throws MisfitError when it is there already, and not from us */
function tableOf(values: readonly ValueEntry[], text: string): string[] {
  const rows = values.filter(({ at }) => at.length > 1);
  const [first] = rows;
  if (!first) return [];
  const table = first.at.slice(0, -1);
  const ours = blockIn(text, TABLE);
  const other = statementsOf(text).find(({ kind, at, start }) => {
    if (ours && start >= ours.start && start < ours.end) return false;
    return (
      sameWay(at.slice(0, table.length), table) || (kind === "pair" && sameWay(table.slice(0, at.length), at))
    );
  });
  if (other)
    throw new MisfitError(text, other.start, `${nameOf(other.at)} is there already, and not from aicore`);
  return [`[${table.map(keyOf).join(".")}]`, ...rows.map(rowOf)];
}

function setBlock(state: State, name: string, lines: string[], blocks: readonly BlockChange[]): void {
  const earlier = blocks.find((block) => block.name === name && blockIn(state.text, name));
  if (earlier && lines.length > 0) {
    state.text = refillBlock(state.text, earlier, lines);
    state.changes.push({ ...earlier, lines });
  } else if (earlier) {
    state.text = dropBlock(state.text, earlier);
  } else if (lines.length > 0) {
    const at = name === TOP ? topOf(state.text) : state.text.length;
    const { text, change } = insertBlock(state.text, at, { name, lines, spaced: name === TABLE });
    state.text = text;
    state.changes.push(change);
  }
}

/** Behind `#:schema`, which editors look for in the first line. */
function topOf(text: string): number {
  return /^(?:#:[^\n]*\n)*/.exec(text)?.[0].length ?? 0;
}

function topPair(text: string, at: readonly string[]): Statement | undefined {
  return statementsOf(text).find((each) => each.kind === "pair" && each.table === 0 && sameWay(each.at, at));
}

function rawOf(text: string, { valueStart, end }: Statement): string {
  return text.slice(valueStart, end);
}

function rowOf({ at, value }: ValueEntry): string {
  return `${keyOf(at.at(-1) ?? "")} = ${toml(value)}`;
}

function keyOf(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** JSON's strings and numbers are TOML's too. */
function toml(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(toml).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).map(([key, item]) => `${keyOf(key)} = ${toml(item)}`);
  return `{ ${pairs.join(", ")} }`;
}
