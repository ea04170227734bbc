import type { Json } from "../../hub/json.ts";
import type { Effort, HubRequest } from "../../hub/messages.ts";

const EFFORTS: readonly Effort[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** The least effort whose budget of thinking tokens is not smaller than the one asked for. */
const BUDGETS: readonly (readonly [number, Effort])[] = [
  [1024, "minimal"],
  [4096, "low"],
  [8192, "medium"],
  [16384, "high"],
];

/** `reasoning_effort` in the hub's words: models that think without levels are asked to think as they see fit. */
export function decodeEffort(effort: Json | undefined): Pick<HubRequest, "thinking" | "output_config"> {
  const known = EFFORTS.find((name) => name === effort);
  if (known === undefined) return {};
  if (known === "none") return { thinking: { type: "disabled" } };
  return { thinking: { type: "adaptive" }, output_config: { effort: known } };
}

/**
 * The effort that a request asks for, in OpenAI's words; undefined leaves it to the model. OpenAI has no "max".
 * Budgets above that of "high" stay "high", which every reasoning model takes; "xhigh" only newer ones do.
 */
export function encodeEffort({ thinking, output_config }: HubRequest): Effort | undefined {
  if (thinking?.type === "disabled") return "none";
  const effort = output_config?.effort;
  if (effort !== undefined) return effort === "max" ? "xhigh" : effort;
  if (thinking?.type !== "enabled") return undefined;
  return BUDGETS.find(([budget]) => thinking.budget_tokens <= budget)?.[1] ?? "high";
}
