/** Thinking, effort and sampling: what each model takes, and what they forbid one another (protocol 4a.4). */
import type { ClaudeRules } from "../models.ts";
import { type Check, integer, literal, object, refuse, tagged } from "./schema.ts";
import { forcesTool } from "./tools.ts";
import type { ClaudeRequest } from "./wire.ts";

const LEAST_BUDGET = 1_024;
const LEAST_TOP_P = 0.95;

export const thinking: Check = tagged({
  enabled: object({ type: literal("enabled"), budget_tokens: integer(LEAST_BUDGET) }),
  adaptive: object({ type: literal("adaptive") }),
  disabled: object({ type: literal("disabled") }),
});

export const outputConfig: Check = object({}, { effort: literal("low", "medium", "high", "xhigh", "max") });

export function isThinking({ thinking }: ClaudeRequest): boolean {
  return thinking?.type === "enabled" || thinking?.type === "adaptive";
}

export function checkThinking(request: ClaudeRequest, rules: ClaudeRules): void {
  const { thinking, output_config, max_tokens } = request;
  const adapts = rules.thinking === "adaptive" || rules.thinking === "both";
  if (thinking?.type === "adaptive" && !adapts) {
    refuse("", "adaptive thinking is not supported on this model");
  }
  if (thinking?.type === "enabled") {
    if (rules.thinking === "none") refuse("thinking", "Extended thinking is not supported on this model");
    if (rules.thinking === "adaptive") {
      const instead = 'Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.';
      refuse("", `"thinking.type.enabled" is not supported for this model. ${instead}`);
    }
    if (max_tokens <= (thinking.budget_tokens ?? 0)) {
      refuse("", "`max_tokens` must be greater than `thinking.budget_tokens`.");
    }
  }
  if (output_config !== undefined && !adapts) {
    refuse("output_config", "This model does not support the effort parameter.");
  }
  if (isThinking(request) && forcesTool(request) && !rules.forcedToolWhileThinking) {
    refuse("", "Thinking may not be enabled when tool_choice forces tool use.");
  }
}

export function checkSampling(request: ClaudeRequest, rules: ClaudeRules): void {
  const { temperature, top_p, top_k } = request;
  if (rules.sampling === "fixed") {
    if (temperature !== undefined && temperature !== 1) refuse("", fixed("temperature"));
    if (top_p !== undefined) refuse("", fixed("top_p"));
    if (top_k !== undefined) refuse("", fixed("top_k"));
  }
  if (rules.sampling === "one" && temperature !== undefined && top_p !== undefined) {
    const complaint = "cannot both be specified for this model. Please use only one.";
    refuse("", `\`temperature\` and \`top_p\` ${complaint}`);
  }
  if (!isThinking(request)) return;
  if (temperature !== undefined && temperature !== 1) {
    refuse("", "`temperature` may only be set to 1 when thinking is enabled.");
  }
  if (top_p !== undefined && top_p < LEAST_TOP_P) {
    refuse(
      "",
      `\`top_p\` must be greater than or equal to ${LEAST_TOP_P} or unset when thinking is enabled.`,
    );
  }
  if (top_k !== undefined) refuse("", "`top_k` must be unset when thinking is enabled.");
}

function fixed(parameter: string): string {
  return `\`${parameter}\` is deprecated for this model.`;
}
