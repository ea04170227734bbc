import type { ThinkingStyle } from "../../hub/capabilities.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { lastTurnLacksThinking } from "./last-turn.ts";
import { thinkingKey } from "./learned.ts";
import { isMessageList } from "./message.ts";

/** Bedrock's smallest budget, in tokens; it must also stay below `max_tokens` (protocol.md 4a.4). */
const SMALLEST_BUDGET = 1024;

/** Tokens for each effort (protocol.md 4a.4: the table of SAIL and PI; their xhigh also stands for max). */
const BUDGETS: ReadonlyMap<Json | undefined, number> = new Map([
  ["minimal", 1024],
  ["low", 4096],
  ["medium", 8192],
  ["high", 16384],
  ["xhigh", 32768],
  ["max", 32768],
]);
const DEFAULT_BUDGET = 8192;

/** Keys of each way to think. `display` is not among them: Claude Code's "updates" is refused (clients.md 1.4, 2026-11-21). */
const KEYS: ReadonlyMap<Json | undefined, ReadonlySet<string>> = new Map([
  ["enabled", new Set(["type", "budget_tokens"])],
  ["adaptive", new Set(["type"])],
  ["disabled", new Set(["type"])],
]);

export function isThinking(body: JsonObject): boolean {
  return isObject(body.thinking) && body.thinking.type !== "disabled";
}

function thinkingOf(body: JsonObject): JsonObject {
  return isObject(body.thinking) ? body.thinking : {};
}

/** How the model is asked to think: what its row says, unless this deployment has refused that. */
export function thinkingStyle(call: Call): ThinkingStyle {
  const budgetOnly = call.learned.has(thinkingKey("budget"));
  const adaptiveOnly = call.learned.has(thinkingKey("adaptive"));
  if (budgetOnly && adaptiveOnly) return "none";
  if (budgetOnly) return "budget";
  return adaptiveOnly ? "adaptive" : call.capabilities.thinking;
}

/**
 * Asks for thinking the way this model takes it, or not at all where it would be refused. Where two wishes exclude
 * each other, thinking gives way: the answer is still an answer, while a tool choice or a limit is a condition.
 */
export function fitThinking(body: JsonObject, call: Call): JsonObject {
  if (body.thinking === undefined) return body;
  const styled = inStyle(cleanKeys(body), call);
  if (!isThinking(styled)) return styled;
  if (isToolForced(styled)) return withoutThinking(styled, call, "the request forces a tool"); // 4a.4, not on 4.8
  return thinkingOf(styled).type === "enabled" ? fitBudget(styled, call) : styled;
}

function cleanKeys(body: JsonObject): JsonObject {
  const thinking = thinkingOf(body);
  const keys = KEYS.get(thinking.type);
  return keys === undefined ? body : withMember(body, "thinking", onlyMembers(thinking, keys));
}

/** Adaptive for the models that know nothing else, a budget for those that know no adaptive, nothing for the old ones. */
function inStyle(body: JsonObject, call: Call): JsonObject {
  const style = thinkingStyle(call);
  const thinking = thinkingOf(body);
  if (style === "none" && isThinking(body)) return withoutThinking(body, call, "the model has none");
  if (style === "none") return withMember(body, "thinking", undefined);
  if (style === "budget" && thinking.type === "adaptive") {
    return withMember(body, "thinking", { type: "enabled", budget_tokens: budgetFor(body) });
  }
  if (style === "adaptive" && thinking.type === "enabled") {
    return withMember(withEffortFor(body, thinking.budget_tokens), "thinking", { type: "adaptive" });
  }
  return body;
}

function budgetFor(body: JsonObject): number {
  const effort = isObject(body.output_config) ? body.output_config.effort : undefined;
  return BUDGETS.get(effort) ?? DEFAULT_BUDGET;
}

/** A client that gave a budget and no effort gets the effort next to it; never more than `high`, the model's default. */
function withEffortFor(body: JsonObject, budget: Json | undefined): JsonObject {
  const config = isObject(body.output_config) ? body.output_config : {};
  if (config.effort !== undefined || typeof budget !== "number") return body;
  const effort = budget <= 4096 ? "low" : budget <= 8192 ? "medium" : "high";
  return withMember(body, "output_config", { ...config, effort });
}

/** A budget within 1,024 and `max_tokens − 1`; `max_tokens` is the client's, so it is never raised (DESIGN 8). */
function fitBudget(body: JsonObject, call: Call): JsonObject {
  const thinking = thinkingOf(body);
  const limit = typeof body.max_tokens === "number" ? body.max_tokens - 1 : Number.POSITIVE_INFINITY;
  if (limit < SMALLEST_BUDGET) return withoutThinking(body, call, "max_tokens is under 1025");
  if (isMessageList(body.messages) && lastTurnLacksThinking(body.messages)) {
    return withoutThinking(body, call, "the turn under way began without it");
  }
  const asked = typeof thinking.budget_tokens === "number" ? thinking.budget_tokens : budgetFor(body);
  const budget = Math.min(Math.max(asked, SMALLEST_BUDGET), limit);
  return withMember(body, "thinking", withMember(thinking, "budget_tokens", budget));
}

function isToolForced(body: JsonObject): boolean {
  return isObject(body.tool_choice) && (body.tool_choice.type === "any" || body.tool_choice.type === "tool");
}

function withoutThinking(body: JsonObject, call: Call, reason: string): JsonObject {
  call.note(`thinking is left out where ${reason}: ${call.model} refuses it`);
  return withMember(body, "thinking", undefined);
}
