/**
 * At most four cache breakpoints: `A maximum of 4 blocks with cache_control may be provided` (protocol.md 7.2 #35).
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";

const LIMIT = 4;

/** How many of the last breakpoints of each part stay when there are too many; in the order of the prompt. */
const KEPT: readonly (readonly [part: string, last: number])[] = [
  ["tools", 1],
  ["system", 1],
  ["messages", 2],
];

/**
 * The breakpoints that end the longest prefixes. The rule looks at nothing but the order, so a prefix that was
 * cached in one turn ends at a breakpoint, or before one, in the next.
 */
export function limitBreakpoints(body: JsonObject): JsonObject {
  const total = KEPT.reduce((sum, [part]) => sum + countMarks(body[part]), 0);
  if (total <= LIMIT) return body;
  return KEPT.reduce(
    (limited, [part, last]) => withMember(limited, part, keepLastMarks(limited[part], last)),
    body,
  );
}

/** Marks on the blocks of a list and on those in their `content`: messages hold blocks, tool results hold blocks. */
function countMarks(list: Json | undefined): number {
  if (!Array.isArray(list)) return 0;
  return list.reduce<number>((sum, item) => {
    if (!isObject(item)) return sum;
    return sum + (item.cache_control === undefined ? 0 : 1) + countMarks(item.content);
  }, 0);
}

function keepLastMarks(list: Json | undefined, last: number): Json | undefined {
  let spare = countMarks(list) - last;
  const drop = (item: Json): Json => {
    if (spare <= 0 || !isObject(item)) return item;
    // A tool result's inner blocks come before its own mark in the prompt.
    const inner = Array.isArray(item.content)
      ? withMember(item, "content", rewriteEach(item.content, drop))
      : item;
    if (spare <= 0 || inner.cache_control === undefined) return inner;
    spare -= 1;
    return withMember(inner, "cache_control", undefined);
  };
  return Array.isArray(list) ? rewriteEach(list, drop) : list;
}
