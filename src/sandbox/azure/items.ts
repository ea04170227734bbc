/** The items of a Responses request: their shapes, and how they belong together (protocol 4b.4, 7.6). */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { isSealed } from "../claude/signature.ts";
import type { Block, Message } from "../claude/wire.ts";
import { asBlock, inTurns } from "../openai-compatible/chat-wire.ts";
import {
  anything,
  array,
  type Check,
  dictionary,
  literal,
  object,
  refuse,
  string,
  stringOr,
  tagged,
} from "../openai-compatible/schema.ts";
import { ownerOf } from "./sealed.ts";

const part = tagged("type", {
  input_text: object({ type: string, text: string }),
  output_text: object({ type: string, text: string }, { annotations: anything, logprobs: anything }),
  refusal: object({ type: string, refusal: string }),
  input_image: object({ type: string, image_url: string }, { detail: string }),
  input_file: object({ type: string }, { file_data: string, filename: string, file_url: string }),
});
const identity = { type: string, status: literal("in_progress", "completed", "incomplete") };

/** An id has to begin as its type's ids do. */
function item(prefix: string, required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const id: Check = (value, path) => {
    string(value, path);
    if (!String(value).startsWith(prefix))
      refuse(`Invalid '${path}': '${String(value)}'. Expected an ID that begins with '${prefix}'.`);
  };
  return object(required, { ...identity, id, ...optional });
}

export const items: Check = array(
  tagged(
    "type",
    {
      message: item(
        "msg",
        { role: literal("user", "assistant", "system", "developer"), content: stringOr(array(part, 1)) },
        { phase: anything },
      ),
      function_call: item("fc", { call_id: string, name: string, arguments: string }),
      function_call_output: item("fc", { call_id: string, output: stringOr(array(part)) }),
      reasoning: item(
        "rs",
        {
          summary: array(object({ type: literal("summary_text"), text: string })),
        },
        { encrypted_content: string, content: anything },
      ),
      custom_tool_call: item("ctc", { call_id: string, name: string, input: string }),
      custom_tool_call_output: item("ctc", { call_id: string, output: stringOr(array(part)) }),
      web_search_call: item("ws", {}, { action: dictionary }),
      compaction: item("cmp", { encrypted_content: string }),
      item_reference: object({ type: string, id: string }),
    },
    "message",
  ),
);

/** @param known items of the response that this request goes on from */
export function checkItems(
  list: readonly JsonObject[],
  known: readonly JsonObject[],
  { deployment, unstored }: { deployment: string; unstored: boolean },
): void {
  const idsOf = (type: string, from: readonly JsonObject[]) =>
    new Set(from.filter((one) => one.type === type).map(({ call_id }) => String(call_id)));
  const all = [...known, ...list];
  const called = idsOf("function_call", all);
  const answered = idsOf("function_call_output", all);
  for (const [index, one] of list.entries()) {
    const id = String(one.call_id);
    if (one.type === "function_call" && !answered.has(id))
      refuse(`No tool output found for function call ${id}.`);
    if (one.type === "function_call_output" && !called.has(id))
      refuse(`No tool call found for function call output with call_id ${id}.`);
    if (one.type === "reasoning") checkReasoning(one, list.slice(index + 1), deployment, unstored);
  }
}

function checkReasoning(
  { id, encrypted_content: content }: JsonObject,
  after: readonly JsonObject[],
  deployment: string,
  unstored: boolean,
): void {
  if (content === undefined && unstored)
    refuse(
      `Item with id '${String(id)}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`,
      404,
    );
  if (content !== undefined && (!isSealed(String(content)) || ownerOf(String(content)) !== deployment))
    refuse(
      `The encrypted content for item ${String(id)} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`,
    );
  const next = after.find(({ type }) => type !== "reasoning");
  if (next?.role !== "assistant" && !/_call$/.test(String(next?.type)))
    refuse(`Item '${String(id)}' of type 'reasoning' was provided without its required following item.`);
}

/** The items as the conversation that the script reads. */
export function asConversation(list: readonly JsonObject[]): { system: Block[]; messages: Message[] } {
  const isSystem = ({ role }: JsonObject) => role === "system" || role === "developer";
  return {
    system: list.filter(isSystem).flatMap(({ content }) => blocks(content)),
    messages: inTurns(list.filter((one) => !isSystem(one)).flatMap(asMessages)),
  };
}

function asMessages(one: JsonObject): Message[] {
  const { role, content, call_id: id = "" } = one;
  if (role === "user" || role === "assistant") return [{ role, content: blocks(content) }];
  if (one.type === "function_call" || one.type === "custom_tool_call") {
    const call = { type: "tool_use", id, name: one.name ?? "", input: { arguments: one.arguments ?? "" } };
    return [{ role: "assistant", content: [call] }];
  }
  if (!String(one.type).endsWith("call_output")) return [];
  return [{ role: "user", content: [{ type: "tool_result", tool_use_id: id, content: blocks(one.output) }] }];
}

function blocks(content: Json | undefined): Block[] {
  if (Array.isArray(content)) return content.filter(isObject).map(asBlock);
  return [{ type: "text", text: String(content ?? "") }];
}
