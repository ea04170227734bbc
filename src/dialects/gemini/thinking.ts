import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Effort, HubRequest, Thinking } from "../../hub/messages.ts";

const EFFORTS: Readonly<Record<string, Effort>> = {
  MINIMAL: "minimal",
  LOW: "low",
  MEDIUM: "medium",
  HIGH: "high",
};

/** Gemini's scale ends at HIGH, and begins at MINIMAL, which is as good as none. */
const LEVELS: Readonly<Record<Effort, string>> = {
  none: "MINIMAL",
  minimal: "MINIMAL",
  low: "LOW",
  medium: "MEDIUM",
  high: "HIGH",
  xhigh: "HIGH",
  max: "HIGH",
};

/** `thinkingConfig`: a budget (0 is off, -1 lets the model decide), or a level from Gemini 3 on. */
export function decodeThinking(config: Json | undefined): { thinking?: Thinking; effort?: Effort } {
  if (!isObject(config)) return {};
  const { thinkingBudget: budget, thinkingLevel: level } = config;
  if (budget === 0) return { thinking: { type: "disabled" } };
  if (typeof budget === "number" && budget > 0)
    return { thinking: { type: "enabled", budget_tokens: budget } };
  const effort = typeof level === "string" ? EFFORTS[level.toUpperCase()] : undefined;
  if (effort) return { thinking: { type: "adaptive" }, effort };
  return budget === -1 || config.includeThoughts === true ? { thinking: { type: "adaptive" } } : {};
}

/**
 * What was asked for, in whichever of Gemini's two ways says it best; the upstream turns it into the one that the
 * model takes. Undefined where nothing was asked for.
 */
export function encodeThinking({ thinking, output_config }: HubRequest): JsonObject | undefined {
  const effort = output_config?.effort;
  if (thinking?.type === "disabled" || effort === "none") return { thinkingBudget: 0 };
  if (thinking?.type === "enabled") return { includeThoughts: true, thinkingBudget: thinking.budget_tokens };
  if (effort) return { includeThoughts: true, thinkingLevel: LEVELS[effort] };
  return thinking && { includeThoughts: true };
}
