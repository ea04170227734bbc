import type { JsonObject } from "../../hub/json.ts";

/**
 * Every function call has its output somewhere behind it, and every output its call: `No tool output found for function
 * call …`, `No tool call found for function call output …`. Cancelled turns and items that vanished break this.
 * @param continued the calls of these outputs may be in the response that the request goes on from
 */
export function pairCallItems(items: JsonObject[], continued: boolean): JsonObject[] {
  const called = new Set(idsOf(items, "function_call"));
  const answered = new Set(idsOf(items, "function_call_output"));
  const paired = items.flatMap((item) => {
    const id = String(item.call_id);
    if (item.type === "function_call" && !answered.has(id)) return [item, cancelled(id)];
    if (item.type === "function_call_output" && !called.has(id) && !continued) return [asUserText(item)];
    return [item];
  });
  return paired.length === items.length && paired.every((item, index) => item === items[index])
    ? items
    : paired;
}

function idsOf(items: JsonObject[], type: string): string[] {
  return items.filter((item) => item.type === type).map(({ call_id }) => String(call_id));
}

function cancelled(id: string): JsonObject {
  return { type: "function_call_output", call_id: id, output: "The call was cancelled." };
}

function asUserText({ output }: JsonObject): JsonObject {
  const heading = "Result of an earlier tool call:";
  const text = typeof output === "string" ? output : "";
  const content = Array.isArray(output)
    ? [{ type: "input_text", text: heading }, ...output]
    : [{ type: "input_text", text: `${heading}\n${text}` }];
  return { type: "message", role: "user", content };
}
