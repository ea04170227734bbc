/** Which of several models of one maker's line is its newest, for a tool that was not told which to use. Pure. */
import { compareVersions, parseModelName } from "./names.ts";

/** The makers' words for their small, quick and cheap models. */
const SMALL = /-(?:mini|nano|micro|lite|small|flash|haiku)(?=-|$)/;

/** Whether a model is one of those that a tool uses for side jobs: titles, summaries. */
export function isSmall(id: string): boolean {
  return SMALL.test(parseModelName(id).key);
}

/** For sorting: small models last, then by version as numbers, then the plain name before its variants. */
export function newestFirst(a: string, b: string): number {
  return (
    Number(isSmall(a)) - Number(isSmall(b)) ||
    compareVersions(versionOf(b), versionOf(a)) ||
    a.length - b.length ||
    (a < b ? -1 : 1)
  );
}

/** The number behind the line's name; none for `gpt-oss-120b`, where it is a size. Azure wrote GPT 3.5 as `gpt-35`. */
function versionOf(id: string): number[] {
  const { key } = parseModelName(id);
  const [, version] = /^[a-z]+-(\d+(?:\.\d+)*)/.exec(key.replace(/^gpt-35(?=-|$)/, "gpt-3.5")) ?? [];
  return (version ?? "").split(".").map(Number);
}
