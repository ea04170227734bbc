/** The `input` of a Responses request: items that the deployment takes, with ids that fit their type. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import type { Tools } from "./declared-tools.ts";
import { pairCallItems } from "./pair-call-items.ts";

interface ItemRule {
  keys: ReadonlySet<string>;
  /** How its id has to begin: `Expected an ID that begins with 'msg'` (protocol 7.6 #85). */
  prefix: string;
}

function rule(prefix: string, ...keys: string[]): ItemRule {
  return { prefix, keys: new Set(["type", "id", "status", ...keys]) };
}

/**
 * The types that deployments take, `compaction` and `web_search_call` among them although the tool is not allowed
 * (protocol 4b.4, live on SAIL). Every other vanishes, known or not: one of them would kill the rest of the session,
 * since Codex sends the whole history each time (7.6 #87).
 */
const RULES: ReadonlyMap<Json | undefined, ItemRule> = new Map<Json | undefined, ItemRule>([
  ["message", rule("msg", "role", "content", "phase")],
  ["function_call", rule("fc", "call_id", "name", "arguments")],
  ["function_call_output", rule("fc", "call_id", "output")],
  ["reasoning", rule("rs", "summary", "content", "encrypted_content")],
  ["compaction", rule("cmp", "encrypted_content")],
  ["web_search_call", rule("ws", "action")],
  ["item_reference", rule("")],
]);

/** Tokens of other makers in `encrypted_content`: our own mark, or Claude's (hub/signature.ts). */
const FOREIGN = /^(aicore|claude)\./;

/** @param nameOf the names under which calls of the request's tools travel */
export function prepareInput(body: JsonObject, nameOf: Tools["nameOf"]): JsonObject {
  const { input, store, previous_response_id: previous } = body;
  if (!Array.isArray(input)) return body;
  const legal = rewriteEach<Json>(input, (item) =>
    isObject(item) ? cleanItem(asFunctionItem(item, nameOf), store === false) : [],
  );
  const items = withoutLooseReasoning(legal.filter(isObject));
  return withMember(
    body,
    "input",
    pairCallItems(same(items, legal), previous !== undefined && previous !== null),
  );
}

/** The filter above only tells the compiler; the list keeps its identity where it lost nothing. */
function same(items: JsonObject[], list: Json[]): JsonObject[] {
  return items.length === list.length && items.every((item, index) => item === list[index])
    ? (list as JsonObject[])
    : items;
}

/** A message needs no type (opencode writes none). */
function cleanItem(known: JsonObject, unstored: boolean): JsonObject | JsonObject[] {
  const { type = "message", id } = known;
  const found = RULES.get(type);
  if (found === undefined || (type === "reasoning" && !isReadable(known, unstored))) return [];
  const clean = onlyMembers(known, found.keys);
  const fits = type === "item_reference" || (typeof id === "string" && id.startsWith(found.prefix));
  return fits ? clean : withMember(clean, "id", undefined);
}

/** Calls of tools that went out as functions become function calls, in the history too. */
function asFunctionItem(item: JsonObject, nameOf: Tools["nameOf"]): JsonObject {
  const { type, name, namespace, input } = item;
  if (type === "custom_tool_call_output") return { ...item, type: "function_call_output" };
  const place = typeof namespace === "string" ? { namespace } : {};
  const sent = typeof name === "string" ? nameOf({ name, ...place }) : undefined;
  if (type === "custom_tool_call")
    return {
      ...item,
      type: "function_call",
      name: sent ?? "",
      arguments: JSON.stringify({ input: input ?? "" }),
    };
  return type === "function_call" && sent !== undefined ? withMember(item, "name", sent) : item;
}

/** A thought of another maker cannot be read; one without content is looked up, and was not stored. */
function isReadable({ encrypted_content: sealed }: JsonObject, unstored: boolean): boolean {
  return typeof sealed === "string" && sealed !== "" ? !FOREIGN.test(sealed) : !unstored;
}

/** `Item 'rs_…' of type 'reasoning' was provided without its required following item.` */
function withoutLooseReasoning(items: JsonObject[]): JsonObject[] {
  return items.filter((item, index) => {
    if (item.type !== "reasoning") return true;
    const next = items.slice(index + 1).find(({ type }) => type !== "reasoning");
    return (
      next !== undefined &&
      (next.type === "function_call" || next.type === "web_search_call" || next.role === "assistant")
    );
  });
}
