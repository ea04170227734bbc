/**
 * `functions` and `function_call`, the form before tools. Models that reason refuse it, and SAP's hosts of open models
 * never knew it; a client that asks so is answered so (protocol 7.5 #76). Can go when no SDK sends it.
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { AnswerTranslation } from "../types.ts";
import { isMessageList } from "./chat-messages.ts";

/** The body with tools in place of functions, in its history too. One call at a time: the old form knows no more. */
export function convertLegacyFunctions(body: JsonObject): JsonObject {
  const converted = isMessageList(body.messages)
    ? withMember(body, "messages", convertMessages(body.messages))
    : body;
  if (!Array.isArray(body.functions)) return converted;
  const { functions, function_call: choice, ...rest } = converted;
  const tools = body.functions.map((one) => ({ type: "function", function: one }));
  return {
    ...rest,
    tools,
    parallel_tool_calls: false,
    ...(choice !== undefined && { tool_choice: toolChoice(choice) }),
  };
}

function toolChoice(choice: Json): Json {
  return isObject(choice) ? { type: "function", function: choice } : choice;
}

/** An answer belongs to the last call before it; the ids are made from places, so that they stay from turn to turn. */
function convertMessages(messages: JsonObject[]): JsonObject[] {
  let open = "";
  return rewriteEach(messages, (message, index) => {
    if (isObject(message.function_call)) {
      open = `call_${index}`;
      const call = { id: open, type: "function", function: message.function_call };
      const { function_call: _converted, ...rest } = message;
      return { ...rest, tool_calls: [call] };
    }
    if (message.role !== "function") return message;
    return { role: "tool", tool_call_id: open, content: message.content ?? "" };
  });
}

/** Undefined for a client that speaks of tools. */
export function restoreLegacyFunctions(body: JsonObject): AnswerTranslation | undefined {
  if (!Array.isArray(body.functions)) return undefined;
  return {
    message: (message) => inChoices(message, "message"),
    event: (event) => [inChoices(event, "delta")],
  };
}

function inChoices(answer: JsonObject, member: "message" | "delta"): JsonObject {
  if (!Array.isArray(answer.choices)) return answer;
  const choices = rewriteEach<Json>(answer.choices, (choice) =>
    isObject(choice) ? inChoice(choice, member) : choice,
  );
  return withMember(answer, "choices", choices);
}

function inChoice(choice: JsonObject, member: "message" | "delta"): JsonObject {
  const reason = choice.finish_reason === "tool_calls" ? "function_call" : choice.finish_reason;
  const said = choice[member];
  const call = isObject(said) && Array.isArray(said.tool_calls) ? said.tool_calls.find(isObject) : undefined;
  const ended = withMember(choice, "finish_reason", reason);
  if (!isObject(said) || call?.function === undefined) return ended;
  const { tool_calls: _calls, ...rest } = said;
  return { ...ended, [member]: { ...rest, function_call: call.function } };
}
