/**
 * The parameters that each family takes through the service, which refuses the others by name: `LLM Module: … does
 * not support parameters: ['x']` (protocol 4f.2, live on SAIL; what LiteLLM documents for each provider, 2026-11).
 */
import type { Family } from "../../hub/capabilities.ts";
import type { JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

const ENVELOPE: readonly string[] = ["model", "messages", "tools", "stream", "stream_options"];
const BASE: readonly string[] = [...ENVELOPE, "max_tokens", "temperature", "top_p"];
const CHOICE: readonly string[] = ["tool_choice", "parallel_tool_calls"];
const PENALTIES: readonly string[] = ["frequency_penalty", "presence_penalty"];
const SAMPLED: readonly string[] = ["seed", "n", "response_format"];

const OTHER: ReadonlySet<string> = new Set([...BASE, ...CHOICE, ...PENALTIES, "stop", "response_format"]);

const KNOWN: ReadonlyMap<Family, ReadonlySet<string>> = new Map([
  ["claude", new Set([...BASE, ...CHOICE, "stop", "thinking", "output_config", "reasoning_effort"])],
  ["nova", new Set([...BASE, "stop"])],
  [
    "gpt",
    new Set([
      ...[...BASE, ...CHOICE, ...PENALTIES, ...SAMPLED, "stop", "max_completion_tokens", "reasoning_effort"],
      ...["logprobs", "top_logprobs", "logit_bias", "user", "verbosity"],
    ]),
  ],
  ["gemini", new Set([...BASE, ...PENALTIES, ...SAMPLED, "stop", "reasoning_effort"])],
  ["mistral", new Set([...BASE, ...CHOICE, ...PENALTIES, ...SAMPLED, "stop", "reasoning_effort"])],
  ["cohere", new Set([...BASE, "tool_choice", ...PENALTIES, "stop", "seed"])],
  ["perplexity", new Set([...BASE, ...PENALTIES])],
]);

export function fitParameters(body: JsonObject, call: Call): JsonObject {
  const known = KNOWN.get(call.capabilities.family) ?? OTHER;
  const fitted = fitSampling(limitTokens(body, call), call);
  for (const field of Object.keys(fitted))
    if (!known.has(field)) call.note(`${field} is left out: orchestration refuses it for ${call.model}`);
  return withUsage(onlyMembers(fitted, known), call);
}

/** One limit, under the name that the model knows, within what it can answer. */
function limitTokens(body: JsonObject, { capabilities, model, note }: Call): JsonObject {
  const { family, sampling, maxOutputTokens: most } = capabilities;
  const asked = body.max_completion_tokens ?? body.max_tokens ?? undefined;
  const over = typeof asked === "number" && asked > most;
  const reasons = family === "gpt" && sampling === "fixed";
  const [name, other] = reasons
    ? (["max_completion_tokens", "max_tokens"] as const)
    : (["max_tokens", "max_completion_tokens"] as const);
  if (over) note(`${name} is lowered to ${most}, the most that ${model} answers with`);
  return withMember(withMember(body, other, undefined), name, over ? most : asked);
}

/** Claude 4.5 and 4.6 take temperature or top_p, not both (protocol 4a.4). */
function fitSampling(body: JsonObject, { capabilities, model, note }: Call): JsonObject {
  const both = body.temperature !== undefined && body.top_p !== undefined;
  if (capabilities.sampling !== "one" || !both) return body;
  note(`top_p is left out: ${model} takes either a temperature or a top_p`);
  return withMember(body, "top_p", undefined);
}

/** Streams tell their usage when asked to; we count it. */
function withUsage(body: JsonObject, { stream }: Call): JsonObject {
  return withMember(body, "stream_options", stream ? { include_usage: true } : undefined);
}
