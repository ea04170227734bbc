/** Rules that both of Azure's APIs share. */
import type { JsonObject } from "../../hub/json.ts";
import type { AzureRules } from "../models.ts";
import { refuse } from "../openai-compatible/schema.ts";

/** Azure's verdict on a harmless text. */
export const FILTERS: JsonObject = {
  hate: { filtered: false, severity: "safe" },
  self_harm: { filtered: false, severity: "safe" },
  sexual: { filtered: false, severity: "safe" },
  violence: { filtered: false, severity: "safe" },
};

const REFUSED: readonly string[] = [
  ...["presence_penalty", "frequency_penalty", "logprobs", "top_logprobs", "logit_bias", "top_p"],
];

/** Models that reason take no sampling but a temperature of 1 (protocol 4b.2). */
export function checkSampling(body: JsonObject, { efforts }: AzureRules): void {
  if (efforts.length === 0) return;
  if (body.temperature !== undefined && body.temperature !== 1)
    refuse(
      `Unsupported value: 'temperature' does not support ${String(body.temperature)} with this model. Only the default (1) value is supported.`,
    );
  const found = REFUSED.find((field) => body[field] !== undefined);
  if (found !== undefined) refuse(`Unsupported parameter: '${found}' is not supported with this model.`);
}

export function checkEffort(path: string, effort: string | undefined, { efforts }: AzureRules): void {
  if (effort === undefined || efforts.includes(effort)) return;
  if (efforts.length === 0) refuse(`Unsupported parameter: '${path}' is not supported with this model.`);
  const list = efforts.map((known) => `'${known}'`).join(", ");
  refuse(
    `Unsupported value: '${path}' does not support '${effort}' with this model. Supported values are: ${list}.`,
  );
}

/** Where a model can do without, it does unless it is told to reason; the others do unless told to be quick. */
export function thinksAt({ efforts }: AzureRules, effort: string | undefined): boolean {
  if (efforts.length === 0 || effort === "none") return false;
  return effort !== undefined || !efforts.includes("none");
}

export function checkLength(tokens: number, { context }: AzureRules): void {
  if (tokens > context)
    refuse(
      `This model's maximum context length is ${context} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
    );
}
