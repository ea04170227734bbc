/**
 * JSON with comments as text: members put in and taken out with the layout that stands there (indentation, line ends,
 * compact or not, comma at the end or none). Taking out is the exact reverse of putting in.
 */
import { type Node, type ParseError, parse, parseTree, printParseErrorCode } from "jsonc-parser";
import type { Json } from "../../../hub/json.ts";
import { lineEndOf, MisfitError, splice } from "./format.ts";

/** @throws MisfitError where it stops being JSON; comments and a comma at the end are fine */
export function parseJson(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first)
    throw new MisfitError(text, first.offset, `not valid JSON (${printParseErrorCode(first.error)})`);
  if (root?.type !== "object") throw new MisfitError(text, root?.offset ?? 0, "not a JSON object");
  return root;
}

export function endOf({ offset, length }: Node): number {
  return offset + length;
}

export function rawOf(text: string, node: Node): string {
  return text.slice(node.offset, endOf(node));
}

export function jsonOf(text: string, node: Node): Json {
  return parse(rawOf(text, node)) as Json;
}

/** The member of an object and its value. Programs take the last of several with one name. */
export function memberOf(object: Node, key: string): { member: Node; value: Node } | undefined {
  const member = object.children?.findLast((child) => child.children?.[0]?.value === key);
  const value = member?.children?.[1];
  return member && value && { member, value };
}

/** What stands between the brackets of an object or list. */
export function innerOf(text: string, { offset, length }: Node): string {
  return text.slice(offset + 1, offset + length - 1);
}

export function withInner(text: string, { offset, length }: Node, inner: string): string {
  return splice(text, offset + 1, offset + length - 1, inner);
}

/** A value in place of another, laid out as if it had been written there by hand. */
export function withValue(text: string, node: Node, value: Json): string {
  const indent = indentAt(text, node.offset);
  return splice(text, node.offset, endOf(node), written(text, value, indent, text.includes("\n")));
}

/** A member (or, without `key`, an element) at the end of an object or list. */
export function withMember(text: string, container: Node, key: string | undefined, value: Json): string {
  const close = endOf(container) - 1;
  const last = container.children?.at(-1);
  const gap = readGap(text, last ? endOf(last) : container.offset + 1, close);
  const broken = gap.endsInLineComment || isBroken(text, container, last);
  const outer = indentAt(text, container.offset);
  const indent = last && ownLine(text, last) ? indentAt(text, last.offset) : outer + unitOf(text);
  const eol = lineEndOf(text);
  const name = key === undefined ? "" : `${JSON.stringify(key)}${colonOf(text, broken)}`;
  const member = `${name}${written(text, value, indent, broken)}`;
  const lead = broken ? `${eol}${indent}` : last ? betweenOf(text, container) : "";
  if (last) {
    const behind = splice(text, gap.tail, gap.tail, `${lead}${member}${gap.comma === undefined ? "" : ","}`);
    return gap.comma === undefined ? splice(behind, endOf(last), endOf(last), ",") : behind;
  }
  const rest = text.slice(gap.tail, close);
  return splice(
    text,
    gap.tail,
    close,
    lead + member + (broken && !rest.includes("\n") ? `${eol}${outer}` : rest),
  );
}

/** Without the member or element, its comma, and the space before it; comments stay. */
export function withoutMember(text: string, container: Node, child: Node): string {
  const children = container.children ?? [];
  const index = children.indexOf(child);
  const [previous, next] = [children[index - 1], children[index + 1]];
  const start = previous ? endOf(previous) : container.offset + 1;
  const before = readGap(text, start, child.offset);
  const behind = readGap(text, endOf(child), next?.offset ?? endOf(container) - 1);
  const from = spaceBefore(text, child.offset, start);
  const rest =
    behind.comma === undefined ? text.slice(endOf(child)) : without(text, behind.comma).slice(endOf(child));
  // What is left of a line must not end up in the comment of the line before it.
  const swallowed = before.endsInLineComment && !/^[ \t]*\r?\n/.test(rest);
  const cut = swallowed ? text.slice(0, child.offset) + rest.trimStart() : text.slice(0, from) + rest;
  return behind.comma === undefined && before.comma !== undefined ? without(cut, before.comma) : cut;
}

function without(text: string, at: number): string {
  return splice(text, at, at + 1, "");
}

interface Gap {
  comma: number | undefined;
  /** The end of the last comma or comment, or where the gap begins. */
  tail: number;
  endsInLineComment: boolean;
}

/** Between two members there is nothing but space, comments and one comma. */
function readGap(text: string, start: number, end: number): Gap {
  const gap: Gap = { comma: undefined, tail: start, endsInLineComment: false };
  const token = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|,/g;
  token.lastIndex = start;
  for (let match = token.exec(text); match && match.index < end; match = token.exec(text)) {
    if (match[0] === ",") gap.comma ??= match.index;
    gap.tail = match.index + match[0].length;
    gap.endsInLineComment = match[0].startsWith("//");
  }
  return gap;
}

/** Whether members stand on lines of their own. An empty object does as the file does; an empty file has lines. */
function isBroken(text: string, container: Node, last: Node | undefined): boolean {
  if (last) return ownLine(text, last);
  return !container.parent || text.includes("\n");
}

function ownLine(text: string, node: Node): boolean {
  return /^[ \t]*$/.test(text.slice(lineStart(text, node.offset), node.offset));
}

function written(text: string, value: Json, indent: string, broken: boolean): string {
  if (!broken) return JSON.stringify(value);
  return JSON.stringify(value, null, unitOf(text)).replaceAll("\n", `${lineEndOf(text)}${indent}`);
}

function colonOf(text: string, broken: boolean): string {
  return !broken && /"\s*:\S/.test(text) && !/"\s*: /.test(text) ? ":" : ": ";
}

/** The space behind a comma, as it stands between the first two members. */
function betweenOf(text: string, { children = [] }: Node): string {
  const [first, second] = children;
  if (!first || !second) return /[:,] /.test(text) ? " " : "";
  return text.slice(spaceBefore(text, second.offset, endOf(first)), second.offset);
}

/** One step of indentation: that of the first line that begins with a name or a bracket. */
function unitOf(text: string): string {
  const indent = /^([ \t]+)["[{]/m.exec(text)?.[1] ?? "  ";
  return indent.startsWith("\t") ? "\t" : indent;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset), offset))?.[0] ?? "";
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1;
}

function spaceBefore(text: string, offset: number, from: number): number {
  let at = offset;
  while (at > from && " \t\r\n".includes(text.charAt(at - 1))) at--;
  return at;
}
