/** Prompt-cache marks: their shape, how many, and in which order (protocol 4a.3, quirks 18 and 35). */
import { isObject, type Json } from "../../hub/json.ts";
import { type Check, literal, object, refuse, tagged } from "./schema.ts";

const MOST_MARKS = 4;

/** `{type: "ephemeral", ttl?}` and nothing else: `scope` is Anthropic's own and refused here. */
export const cacheControl: Check = (value, path) => {
  if (value !== null) mark(value, path);
};

const mark = tagged({
  ephemeral: object({ type: literal("ephemeral") }, { ttl: literal("5m", "1h") }),
});

/** Over the whole request, in the order in which the cache reads it: tools, system, messages. */
export function checkMarks(tools: Json, system: Json, messages: Json): void {
  const marks = [tools, system, messages].flatMap(marksIn);
  if (marks.length > MOST_MARKS) {
    refuse(
      "",
      `A maximum of ${MOST_MARKS} blocks with cache_control may be provided. Found ${marks.length}.`,
    );
  }
  const firstShort = marks.indexOf("5m");
  if (firstShort >= 0 && marks.lastIndexOf("1h") > firstShort) {
    const order = "Note that blocks are processed in the following order: `tools`, `system`, `messages`.";
    refuse("", `a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. ${order}`);
  }
}

/** The lifetimes of all marks below a value. Arguments of tool calls and schemas are data, not blocks. */
function marksIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(marksIn);
  if (!isObject(value)) return [];
  const own = isObject(value.cache_control ?? null) ? [ttlOf(value.cache_control)] : [];
  return [...marksIn(value.content ?? null), ...own];
}

function ttlOf(mark: Json | undefined): string {
  return isObject(mark) && mark.ttl === "1h" ? "1h" : "5m";
}
