import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type Block, blocksOf, type HubMessage, type TextBlock } from "../../hub/messages.ts";
import type { ToolPlace } from "../../hub/tool-names.ts";
import { decodeCall } from "./decode-calls.ts";
import { decodeContent, wordOf } from "./decode-parts.ts";
import { decodeReasoning } from "./reasoning.ts";
import { Turns } from "./turns.ts";

export interface Conversation {
  system: TextBlock[];
  messages: HubMessage[];
}

interface Reading {
  turns: Turns;
  /** The name under which a tool travels. */
  nameOf(place: ToolPlace): string;
  note(text: string): void;
}

/** Items that carry no part of the conversation; their tools are read elsewhere. */
const TOOLS_ONLY: ReadonlySet<Json | undefined> = new Set(["additional_tools", "tool_search_output"]);

/**
 * The conversation of a request. Instructions before the first turn become `system`, later ones stay where they
 * stand. Codex replays its whole history each time, so an item that cannot be said elsewhere vanishes with a note: an
 * error would end the session (protocol 7.6 #87). Of a request that is nothing but instructions, the last is the
 * question.
 */
export function decodeInput(body: JsonObject, reading: Omit<Reading, "turns">): Conversation {
  const { input, instructions } = body;
  const turns = new Turns();
  if (typeof input === "string") turns.add({ role: "user", content: input });
  for (const item of Array.isArray(input) ? input.filter(isObject) : []) {
    decodeItem(item, { ...reading, turns });
  }
  const messages = turns.messages();
  const first = messages.findIndex(({ role }) => role !== "system");
  const begin = first === -1 ? Math.max(messages.length - 1, 0) : first;
  const system = [
    ...textsOf(typeof instructions === "string" ? instructions : ""),
    ...messages.slice(0, begin).flatMap(({ content }) => textsOf(content)),
  ];
  const rest = messages.slice(begin);
  return { system, messages: first === -1 ? rest.map(({ content }) => ({ role: "user", content })) : rest };
}

function decodeItem(item: JsonObject, { turns, nameOf, note }: Reading): void {
  const { type, role } = item;
  if (type === "message" || (type === undefined && role !== undefined)) {
    decodeMessage(item, turns, note);
    return;
  }
  if (type === "reasoning") {
    turns.say(decodeReasoning(item));
    return;
  }
  const call = decodeCall(item, nameOf);
  if (call) turns.say([call]);
  else if (isOutput(item)) turns.answer(callId(item), decodeOutput(item.output, note));
  else if (!TOOLS_ONLY.has(type)) {
    note(`input items of type ${wordOf(type)} are left out: no other host knows them`);
  }
}

/** A message needs no type (opencode writes none). */
function decodeMessage({ role, content }: JsonObject, turns: Turns, note: (text: string) => void): void {
  const decoded = decodeContent(content, note);
  if (role === "assistant") turns.say(blocksOf(decoded));
  else turns.add({ role: role === "user" ? "user" : "system", content: decoded });
}

const OUTPUTS: ReadonlySet<Json | undefined> = new Set([
  "function_call_output",
  "custom_tool_call_output",
  "local_shell_call_output",
  "shell_call_output",
  "apply_patch_call_output",
]);

function isOutput({ type }: JsonObject): boolean {
  return OUTPUTS.has(type);
}

/** OpenAI's reference of `local_shell_call_output` has the id of the call in `id`. */
function callId({ call_id, id }: JsonObject): string {
  return String(call_id ?? id ?? "");
}

/** A text, a list of parts (pictures among them: Codex's `view_image`), or an object of a hosted tool. */
function decodeOutput(output: Json | undefined, note: (text: string) => void): string | Block[] {
  if (output === undefined || output === null) return "";
  const isParts = Array.isArray(output) && output.every((part) => isObject(part) && "type" in part);
  return typeof output === "string" || isParts ? decodeContent(output, note) : JSON.stringify(output);
}

function textsOf(content: string | Block[]): TextBlock[] {
  return blocksOf(content).filter((block): block is TextBlock => block.type === "text");
}
