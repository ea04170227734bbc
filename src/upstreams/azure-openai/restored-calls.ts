/** The way back from declared-tools.ts: calls as the client declared their tools, in streams and in whole answers. */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { parseToolInput } from "../../hub/tool-input.ts";
import { customInput } from "../../hub/tool-names.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { AnswerTranslation } from "../types.ts";
import { readTools, type Tools } from "./declared-tools.ts";

type Origins = Tools["origins"];

/** Undefined where every tool went out as it was declared. */
export function restoreCalls(body: JsonObject): AnswerTranslation | undefined {
  const { origins } = readTools(body);
  if (origins.size === 0) return undefined;
  /** Item id → the call of a custom tool whose arguments are being written. */
  const open = new Map<string, { id: string; last: Json }>();

  const event = (given: JsonObject): JsonObject[] => {
    const { type, item, response, item_id } = given;
    if (isObject(response)) return [{ ...given, response: restoreResponse(response, body, origins) }];
    if (isObject(item)) {
      const restored = restoreItem(item, origins);
      if (restored.type === "custom_tool_call" && type === "response.output_item.added")
        open.set(String(item.id), { id: String(restored.id), last: given.sequence_number ?? 0 });
      return [withMember(given, "item", restored)];
    }
    const call = open.get(String(item_id));
    if (call === undefined) return [given];
    if (type !== "response.function_call_arguments.done") {
      call.last = given.sequence_number ?? call.last;
      return [];
    }
    return inputEvents(given, call);
  };
  return { message: (message) => restoreResponse(message, body, origins), event: (given) => event(given) };
}

/**
 * The arguments are held until they are whole, since half of an escaped text cannot be told; then they are one delta,
 * with the number of the last one that was held, and the end.
 */
function inputEvents(done: JsonObject, call: { id: string; last: Json }): JsonObject[] {
  const { output_index, sequence_number = 0 } = done;
  const place = { item_id: call.id, output_index: output_index ?? 0 };
  const input = inputOf(done.arguments);
  return [
    { type: "response.custom_tool_call_input.delta", ...place, delta: input, sequence_number: call.last },
    { type: "response.custom_tool_call_input.done", ...place, input, sequence_number },
  ];
}

function restoreResponse(response: JsonObject, body: JsonObject, origins: Origins): JsonObject {
  const { output } = response;
  const tools = Array.isArray(response.tools) ? (body.tools ?? []) : undefined;
  const told = tools === undefined ? response : { ...response, tools };
  if (!Array.isArray(output)) return told;
  const restored = rewriteEach<Json>(output, (item) => (isObject(item) ? restoreItem(item, origins) : item));
  return withMember(told, "output", restored);
}

/** Codex routes by the fields `namespace` and `name`, and by the kind of the item (clients.md 2.4). */
function restoreItem(item: JsonObject, origins: Origins): JsonObject {
  const origin = item.type === "function_call" ? origins.get(String(item.name)) : undefined;
  if (origin === undefined) return item;
  const { custom, ...place } = origin;
  if (!custom) return { ...item, ...place };
  const { arguments: written, id, ...rest } = item;
  return {
    ...rest,
    ...place,
    type: "custom_tool_call",
    id: String(id).replace(/^fc_/, "ctc_"),
    input: inputOf(written),
  };
}

/** Nothing is written yet where the item only opens. */
function inputOf(written: Json | undefined): string {
  return typeof written === "string" && written !== "" ? customInput(parseToolInput(written)) : "";
}
