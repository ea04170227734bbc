import type { Json } from "../../hub/json.ts";
import type { Call } from "../types.ts";

const LADDER: readonly string[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/**
 * The effort as this model knows it: the least one that is not below what was asked for, else its highest; a word
 * that nobody knows passes, since a newer model may. Undefined where the model has no such switch.
 */
export function fitEffort(effort: Json | undefined, { capabilities, model, note }: Call): Json | undefined {
  if (effort === undefined || effort === null) return undefined;
  const { efforts = [] } = capabilities;
  const highest = efforts.at(-1);
  const wanted = typeof effort === "string" ? LADDER.indexOf(effort) : -1;
  if (highest === undefined) {
    if (effort !== "none") note(`the reasoning effort is left out: ${model} has none to set`);
    return undefined;
  }
  if (wanted < 0) return effort;
  const fitting = efforts.find((known) => LADDER.indexOf(known) >= wanted) ?? highest;
  if (fitting !== effort)
    note(`the reasoning effort ${effort} becomes ${fitting}, the nearest that ${model} knows`);
  return fitting;
}
