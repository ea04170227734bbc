/** JSON settings, with comments or without. */
import { isDeepStrictEqual } from "node:util";
import type { Node } from "jsonc-parser";
import type { Json } from "../../../hub/json.ts";
import {
  type Change,
  type Entry,
  lineEndOf,
  MisfitError,
  nameOf,
  sameWay,
  splice,
  type ValueEntry,
  type Write,
} from "./format.ts";
import {
  endOf,
  innerOf,
  jsonOf,
  memberOf,
  parseJson,
  rawOf,
  withInner,
  withMember,
  withoutMember,
  withValue,
} from "./json-layout.ts";

type ValueChange = Extract<Change, { kind: "added" | "replaced" }>;
type Made = Extract<Change, { kind: "made" }>;

export const writeJsonc: Write = (text, entries, earlier) => {
  if (text.trim() === "" && entries.length === 0) return { text, changes: [], kept: [] };
  const merge = new Merge(text, earlier);
  for (const change of earlier.filter((each) => !isWanted(each, entries)).reverse()) merge.takeBack(change);
  for (const entry of entries) {
    if ("item" in entry) merge.putItem(entry.at, entry.item);
    else merge.put(entry);
  }
  merge.tidy();
  return { text: merge.text, changes: merge.changes, kept: merge.kept };
};

function isWanted(change: Change, entries: readonly Entry[]): boolean {
  if (change.kind === "made" || change.kind === "begun") return true;
  if (change.kind === "block") return false;
  return entries.some(
    (entry) =>
      sameWay(entry.at, change.at) &&
      ("item" in entry
        ? change.kind === "item" && isDeepStrictEqual(entry.item, change.value)
        : change.kind !== "item"),
  );
}

class Merge {
  text: string;
  changes: Change[];
  readonly kept: string[] = [];
  #parsed: { text: string; root: Node } | undefined;

  constructor(text: string, changes: readonly Change[]) {
    this.changes = [...changes];
    this.text = text;
    if (text.trim() !== "") return;
    this.text = `{}${lineEndOf(text)}`;
    this.changes = [{ kind: "begun", was: text }];
  }

  put({ at, value, when }: ValueEntry): void {
    const earlier = this.changes.find(
      (change): change is ValueChange =>
        (change.kind === "added" || change.kind === "replaced") && sameWay(change.at, at),
    );
    const node = this.#find(at);
    if (!node) {
      if (earlier) this.#forget(earlier);
      if (when !== "present") this.#add(at, value, { kind: "added", at, value });
      return;
    }
    const present = jsonOf(this.text, node);
    const isOurs = earlier !== undefined && isDeepStrictEqual(present, earlier.value);
    if (when === "absent" && !isOurs) {
      if (earlier) this.#forget(earlier);
      return;
    }
    if (isDeepStrictEqual(present, value)) return;
    const was = rawOf(this.text, node);
    if (earlier && isOurs) this.#exchange(earlier, { ...earlier, value });
    else if (earlier) this.#exchange(earlier, { kind: "replaced", at, value, was });
    else this.changes.push({ kind: "replaced", at, value, was });
    this.text = withValue(this.text, node, value);
  }

  putItem(at: readonly string[], item: Json): void {
    const list = this.#find(at);
    if (list && list.type !== "array")
      throw new MisfitError(this.text, list.offset, `${nameOf(at)} is not a list`);
    if (list?.children?.some((child) => isDeepStrictEqual(jsonOf(this.text, child), item))) return;
    const change: Change = { kind: "item", at, value: item };
    if (!list) {
      this.#add(at, [item], { kind: "made", at }, change);
      return;
    }
    this.#noteEmpty(list, at);
    this.text = withMember(this.text, list, undefined, item);
    this.changes.push(change);
  }

  takeBack(change: Change): void {
    this.#forget(change);
    if (change.kind === "made" || change.kind === "begun" || change.kind === "block") return;
    const parent = this.#find(change.kind === "item" ? change.at : change.at.slice(0, -1));
    if (!parent) return;
    if (change.kind === "item") {
      const item = parent.children?.findLast((child) =>
        isDeepStrictEqual(jsonOf(this.text, child), change.value),
      );
      if (item) this.text = withoutMember(this.text, parent, item);
      return;
    }
    const found = memberOf(parent, change.at.at(-1) ?? "");
    if (!found) return;
    if (!isDeepStrictEqual(jsonOf(this.text, found.value), change.value)) {
      this.kept.push(`${nameOf(change.at)} was changed since and stays.`);
    } else if (change.kind === "added") {
      this.text = withoutMember(this.text, parent, found.member);
    } else {
      this.text = splice(this.text, found.value.offset, endOf(found.value), change.was);
    }
  }

  /** Objects and lists of our making go when nothing is left in them, the innermost first. */
  tidy(): void {
    const made = this.changes.filter((change): change is Made => change.kind === "made");
    for (const change of made.sort((one, other) => other.at.length - one.at.length)) this.#tidyOne(change);
    const begun = this.changes.find((change) => change.kind === "begun");
    if (!begun || !/^\{\s*\}$/.test(this.text.trim())) return;
    this.#forget(begun);
    this.text = begun.was;
  }

  #tidyOne(change: Made): void {
    const { at, was } = change;
    const node = this.#find(at);
    if (node && node.children?.length !== 0) return;
    this.#forget(change);
    if (!node) return;
    const inner = innerOf(this.text, node);
    if (was !== undefined) {
      if (bare(inner) === bare(was)) this.text = withInner(this.text, node, was);
    } else if (inner.trim() === "") {
      const parent = this.#find(at.slice(0, -1));
      const found = parent && memberOf(parent, at.at(-1) ?? "");
      if (found) this.text = withoutMember(this.text, parent, found.member);
    }
  }

  /** Puts a value where nothing is, with the objects around it that are missing. */
  #add(at: readonly string[], value: Json, ...changes: Change[]): void {
    let depth = at.length - 1;
    while (!this.#find(at.slice(0, depth))) depth--;
    const parent = this.#object(at.slice(0, depth));
    this.#noteEmpty(parent, at.slice(0, depth));
    for (let missing = depth + 1; missing < at.length; missing++) {
      this.changes.push({ kind: "made", at: at.slice(0, missing) });
    }
    const nested = at.slice(depth + 1).reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
    this.text = withMember(this.text, parent, at[depth], nested);
    this.changes.push(...changes);
  }

  #noteEmpty(node: Node, at: readonly string[]): void {
    const known = this.changes.some(
      (change) =>
        (change.kind === "begun" && at.length === 0) || (change.kind === "made" && sameWay(change.at, at)),
    );
    if (node.children?.length === 0 && !known) {
      this.changes.push({ kind: "made", at, was: innerOf(this.text, node) });
    }
  }

  #find(at: readonly string[]): Node | undefined {
    if (this.#parsed?.text !== this.text) this.#parsed = { text: this.text, root: parseJson(this.text) };
    let node: Node | undefined = this.#parsed.root;
    for (const key of at) node = node?.type === "object" ? memberOf(node, key)?.value : undefined;
    return node;
  }

  #object(at: readonly string[]): Node {
    const node = this.#find(at);
    if (node?.type === "object") return node;
    throw new MisfitError(this.text, node?.offset ?? 0, `${nameOf(at)} is not an object`);
  }

  /** In its place: what came last is taken back first. */
  #exchange(gone: Change, change: Change): void {
    this.changes = this.changes.map((each) => (each === gone ? change : each));
  }

  #forget(gone: Change): void {
    this.changes = this.changes.filter((change) => change !== gone);
  }
}

function bare(text: string): string {
  return text.replace(/\s+/g, "");
}
