/**
 * A list in a YAML file, such as Continue's `models`: our elements go behind the user's, between marker comments. The
 * `yaml` package tells where things are; the text is changed by hand, since writing a document anew would lay out the
 * user's lines as well.
 */
import { isMap, isScalar, isSeq, type ParsedNode, parseDocument, stringify, type YAMLSeq } from "yaml";
import type { Json } from "../../../hub/json.ts";
import { blockIn, dropBlock, insertBlock, unwrapBlock } from "./block.ts";
import {
  type BlockChange,
  type Change,
  lineEndOf,
  MisfitError,
  splice,
  type ValueEntry,
  type Write,
  type Written,
} from "./format.ts";

const LIST = "list";
/** The list's own line, and what a new file needs around it. */
const HEAD = "settings";

export const writeYaml: Write = (original, entries, earlier) => {
  const items = entries.filter((entry) => "item" in entry);
  const [first] = items;
  const [key = ""] = first?.at ?? listOf(earlier)?.at ?? [];
  const cleared = clear(original, key, earlier);
  if (!first) return cleared;
  const values = entries.filter((entry): entry is ValueEntry => "value" in entry);
  const filled = fill(cleared.text, key, values, linesOf(items.map(({ item }) => item)));
  const isSame =
    isWhole(original, earlier) && listOf(earlier)?.lines.join() === listOf(filled.changes)?.lines.join();
  return isSame ? { text: original, changes: [...earlier], kept: [] } : filled;
};

/** Takes everything of ours out. The list's line stays when the user's elements stand below it. */
function clear(original: string, key: string, earlier: readonly Change[]): Written {
  if (earlier.length === 0) return { text: original, changes: [], kept: [] };
  const kept: string[] = [];
  let text = original;
  const list = listOf(earlier);
  const block = list && blockIn(text, LIST);
  if (list && !block) kept.push(`Elements of ${key} stay: the markers around them are gone.`);
  if (list && block) {
    text = dropBlock(text, list, leftOf(block.lines, list.lines));
  }
  const found = pairOf(text, key);
  const isFree = !isSeq(found?.value) || found.value.items.length === 0;
  const head = earlier.find(
    (change): change is BlockChange => change.kind === "block" && change.name === HEAD,
  );
  if (head) text = isFree ? dropBlock(text, head) : unwrapBlock(text, head);
  const replaced = earlier.find((change) => change.kind === "replaced");
  if (replaced && found && isFree) {
    text = splice(text, found.colon, found.colon, replaced.was);
  }
  return { text, changes: [], kept };
}

function fill(original: string, key: string, values: readonly ValueEntry[], lines: string[]): Written {
  const changes: Change[] = [];
  let text = original;
  const insert = (at: number, name: string, rows: string[], indent: string) => {
    const inserted = insertBlock(text, at, { name, lines: rows, indent });
    text = inserted.text;
    changes.push({ ...inserted.change, at: [key] });
  };
  const found = pairOf(text, key);
  if (!found) {
    const missing = values.filter(({ at: [name = ""] }) => !pairOf(text, name));
    const rows = missing.map(({ at: [name], value }) => `${name}: ${JSON.stringify(value)}`);
    insert(text.length, HEAD, [...rows, `${key}:`], "");
    insert(text.length, LIST, lines, "  ");
  } else if (isSeq(found.value) && found.value.items.length > 0) {
    const { at, indent } = behindList(text, key, found.value);
    insert(at, LIST, lines, indent);
  } else {
    const { colon, value } = found;
    if (!isEmpty(value)) throw new MisfitError(text, colon, `${key} is not a list`);
    const was = text.slice(colon, Math.max(colon, value?.range[1] ?? colon));
    if (was.trim() !== "") {
      text = splice(text, colon, colon + was.length, "");
      changes.push({ kind: "replaced", at: [key], value: null, was });
    }
    insert(lineEnd(text, colon), LIST, lines, "  ");
  }
  pairOf(text, key);
  return { text, changes, kept: [] };
}

function isEmpty(value: ParsedNode | null): boolean {
  return value === null || isSeq(value) || (isScalar(value) && value.value === null);
}

/** Where the next element goes, and how far in. */
function behindList(text: string, key: string, list: YAMLSeq): { at: number; indent: string } {
  const [start, end] = list.range ?? [0, 0];
  if (list.flow) {
    throw new MisfitError(
      text,
      start,
      `${key} stands in one line: give each element a line that begins with "-"`,
    );
  }
  const lineStart = text.lastIndexOf("\n", start) + 1;
  return { at: lineEnd(text, text.slice(0, end).trimEnd().length), indent: " ".repeat(start - lineStart) };
}

interface Found {
  /** Just behind the colon of the key. */
  colon: number;
  value: ParsedNode | null;
}

/** @throws MisfitError unless the text is one YAML document with a mapping, or nothing yet */
function pairOf(text: string, key: string): Found | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) throw new MisfitError(text, error.pos[0], `not valid YAML (${error.code})`);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return undefined;
  if (!isMap(contents) || contents.flow) {
    throw new MisfitError(text, contents.range[0], "not a mapping with a line for each key");
  }
  const pair = contents.items.find((each) => isScalar(each.key) && each.key.value === key);
  return pair && { colon: text.indexOf(":", pair.key.range[1]) + 1, value: pair.value };
}

/** The lines that are the user's: elements that are not as we wrote them, whole, and comments and empty lines. */
function leftOf(lines: string[], ours: string[]): string[] {
  const written = elementsIn(ours).map((element) => element.join());
  return elementsIn(lines).flatMap((element) => {
    const said = element.filter((line) => !isSilent(line));
    return written.includes(said.join()) ? element.filter(isSilent) : element;
  });
}

function elementsIn(lines: string[]): string[][] {
  const [begin = ""] = lines.map((line) => /^\s*-/.exec(line)?.[0]).filter((dash) => dash !== undefined);
  return lines.reduce<string[][]>((elements, line) => {
    const last = elements.at(-1);
    if (last && !line.startsWith(begin)) last.push(line);
    else elements.push([line]);
    return elements;
  }, []);
}

function isSilent(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at + 1;
}

function linesOf(items: Json[]): string[] {
  return stringify(items, { lineWidth: 0 }).trimEnd().split("\n");
}

function listOf(changes: readonly Change[]): BlockChange | undefined {
  return changes.find((change): change is BlockChange => change.kind === "block" && change.name === LIST);
}

function isWhole(text: string, changes: readonly Change[]): boolean {
  return changes.every((change) => {
    if (change.kind !== "block") return true;
    return blockIn(text, change.name)?.lines.join(lineEndOf(text)) === change.lines.join(lineEndOf(text));
  });
}
