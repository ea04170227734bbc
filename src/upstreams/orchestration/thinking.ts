/** How the service is told to let a model think: its own word is `reasoning_effort`, for every family (protocol 4f.2). */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import { fitEffort } from "../openai-compatible/effort.ts";
import type { Call } from "../types.ts";

export function fitThinking(body: JsonObject, call: Call): JsonObject {
  const { family, thinking } = call.capabilities;
  const asked = withMember(withMember(body, "thinking", undefined), "output_config", undefined);
  const { reasoning_effort: effort } = asked;
  if (effort === undefined || effort === null) return withMember(asked, "reasoning_effort", undefined);
  if (family === "gpt" || family === "mistral")
    return withMember(asked, "reasoning_effort", fitEffort(effort, call));
  const silent = withMember(asked, "reasoning_effort", undefined);
  if (effort === "none") return silent;
  if (thinking === "none") {
    call.note(`the reasoning effort is left out: ${call.model} has none to set`);
    return silent;
  }
  if (family !== "claude") return withMember(asked, "reasoning_effort", harmonised(effort));
  const obstacle = obstacleOf(silent, thinking !== "adaptive");
  if (obstacle !== undefined) {
    call.note(`thinking is left out where ${obstacle}: ${call.model} refuses it`);
    return silent;
  }
  return { ...withoutSampling(silent), ...claudeThinking(effort, thinking === "adaptive") };
}

/** The three that the service knows everywhere. */
function harmonised(effort: Json): string {
  if (effort === "minimal" || effort === "low") return "low";
  return effort === "medium" ? "medium" : "high";
}

/** Models that only adapt are asked in their own words, as seen live (SAIL, on 4.8); the others in the service's. */
function claudeThinking(effort: Json, adapts: boolean): JsonObject {
  if (!adapts) return { reasoning_effort: harmonised(effort) };
  const named = effort === "minimal" ? "low" : effort;
  return { thinking: { type: "adaptive" }, output_config: { effort: named } };
}

/** The largest budget that an effort stands for behind the service (LiteLLM's, for `high`), and one token to answer. */
const LEAST_LIMIT = 4_097;

/** What Claude refuses beside thinking; with a budget also a turn that began without (protocol 4a.4). */
function obstacleOf(body: JsonObject, byBudget: boolean): string | undefined {
  const { tool_choice: choice, messages } = body;
  if (choice === "required" || isObject(choice)) return "the request forces a tool";
  if (!byBudget) return undefined;
  const limit = body.max_completion_tokens ?? body.max_tokens;
  if (typeof limit === "number" && limit < LEAST_LIMIT) return `max_tokens is under ${LEAST_LIMIT}`;
  const turn = Array.isArray(messages) ? messages.filter(isObject) : [];
  const last = turn.findLast(({ role }) => role !== "system" && role !== "tool");
  const thoughtless = last?.role === "assistant" && last.reasoning_content === undefined;
  return thoughtless ? "the turn under way began without it" : undefined;
}

function withoutSampling(body: JsonObject): JsonObject {
  return withMember(withMember(body, "temperature", undefined), "top_p", undefined);
}
