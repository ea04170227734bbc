import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { levelKey } from "./learned.ts";

const KEYS: ReadonlySet<string> = new Set(["includeThoughts", "thinkingBudget", "thinkingLevel"]);

/** Lowest first: the most tokens that a level stands for, as elsewhere in this program (issue 3). */
const LEVELS: readonly (readonly [level: string, tokens: number])[] = [
  ["MINIMAL", 1_024],
  ["LOW", 4_096],
  ["MEDIUM", 8_192],
  ["HIGH", Number.POSITIVE_INFINITY],
];
const HIGH_BUDGET = 16_384;

/**
 * Thinking asked for in the one way that the model takes: 2.5 by a budget between bounds of its own, from 3 on by a
 * level; both together are refused (`thinking_budget and thinking_level are not supported together`,
 * modelparams.dev#314, 2026-08), and so is a level by 2.5 and any of it by a model that does not think.
 */
export function fitThinking(body: JsonObject, call: Call): JsonObject {
  const { generationConfig: config } = body;
  if (!isObject(config) || config.thinkingConfig === undefined) return body;
  const asked = isObject(config.thinkingConfig) ? onlyMembers(config.thinkingConfig, KEYS) : {};
  const fitted = inTheModelsWay(asked, call);
  const rest = withMember(config, "thinkingConfig", Object.keys(fitted).length > 0 ? fitted : undefined);
  return withMember(body, "generationConfig", Object.keys(rest).length > 0 ? rest : undefined);
}

function inTheModelsWay(asked: JsonObject, call: Call): JsonObject {
  switch (call.capabilities.thinking) {
    case "level":
      return byLevel(asked, call);
    case "none":
      return {};
    default:
      return byBudget(asked, call);
  }
}

function byLevel(asked: JsonObject, call: Call): JsonObject {
  const given = asked.thinkingLevel;
  const level = typeof given === "string" ? given : levelOf(asked.thinkingBudget);
  return withMember(
    withMember(asked, "thinkingBudget", undefined),
    "thinkingLevel",
    level && allowed(level, call),
  );
}

/** Zero is as little as there is; -1 leaves it to the model, as does no level. */
function levelOf(budget: Json | undefined): string | undefined {
  if (typeof budget !== "number" || budget < 0) return undefined;
  return LEVELS.find(([, tokens]) => budget <= tokens)?.[0];
}

/** The next higher level when this deployment has refused this one; no level when it refused all. */
function allowed(level: string, call: Call): string | undefined {
  const at = LEVELS.findIndex(([name]) => name === level.toUpperCase());
  if (at < 0 || !call.learned.has(levelKey(level))) return level;
  return LEVELS.slice(at).find(([name]) => !call.learned.has(levelKey(name)))?.[0];
}

function byBudget(asked: JsonObject, call: Call): JsonObject {
  const budget = asked.thinkingBudget ?? budgetOf(asked.thinkingLevel);
  const leveled = withMember(asked, "thinkingLevel", undefined);
  if (typeof budget !== "number" || budget < 0) return withMember(leveled, "thinkingBudget", budget);
  const bounded = clamp(budget, call);
  // `include_thoughts is only enabled when thinking is enabled` (Vertex, 2025-06).
  const shown = bounded === 0 ? withMember(leveled, "includeThoughts", undefined) : leveled;
  return withMember(shown, "thinkingBudget", bounded);
}

function budgetOf(level: Json | undefined): number | undefined {
  const row = LEVELS.find(([name]) => name === String(level).toUpperCase());
  return row && Math.min(row[1], HIGH_BUDGET);
}

/** `thinking_budget is out of range; supported values are integers from 1 to 24576` (gcli2api#108, 2025-11). */
function clamp(budget: number, call: Call): number {
  const { thinkingBudget: bounds } = call.capabilities;
  if (bounds === undefined || (budget === 0 && bounds.canStop)) return budget;
  if (budget === 0) call.note(`${call.model} cannot stop thinking: its budget is the least, ${bounds.least}`);
  return Math.min(Math.max(budget, bounds.least), bounds.most);
}
