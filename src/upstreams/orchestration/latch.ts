import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { AnswerTranslation } from "../types.ts";

/**
 * An answer with calls ends with `tool_calls`, and every answer once: the service may say `stop`, in streams also once
 * more after `tool_calls` (protocol 7.8 #123), and clients would then never run the tools.
 */
export function latchToolCalls(): AnswerTranslation {
  const called = new Set<Json | undefined>();
  const ended = new Set<Json | undefined>();
  const latch = (answer: JsonObject): JsonObject => {
    if (!Array.isArray(answer.choices)) return answer;
    const choices = rewriteEach<Json>(answer.choices, (choice) => {
      if (!isObject(choice)) return choice;
      const said = choice.delta ?? choice.message;
      if (isObject(said) && Array.isArray(said.tool_calls) && said.tool_calls.length > 0)
        called.add(choice.index);
      const { finish_reason: reason, index } = choice;
      if (typeof reason !== "string") return choice;
      if (ended.has(index)) return withMember(choice, "finish_reason", null);
      ended.add(index);
      return reason === "stop" && called.has(index)
        ? withMember(choice, "finish_reason", "tool_calls")
        : choice;
    });
    return withMember(answer, "choices", choices);
  };
  return { message: latch, event: (event) => [latch(event)] };
}
