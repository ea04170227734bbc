/** The body of an `invoke` call, checked as Bedrock checks it; the order of the checks is the order of its words. */
import { isObject, type Json } from "../../hub/json.ts";
import type { ClaudeRules } from "../models.ts";
import { checkBetas } from "./betas.ts";
import { systemBlock } from "./blocks.ts";
import { checkMarks } from "./cache-control.ts";
import { checkMessages, messages } from "./messages.ts";
import { array, integer, literal, number, object, refuse, string, stringOr } from "./schema.ts";
import { checkSampling, checkThinking, outputConfig, thinking } from "./thinking.ts";
import { checkTools, toolChoice, tools } from "./tools.ts";
import { type ClaudeRequest, tokensOf } from "./wire.ts";

const LONG_CONTEXT_BETA = "context-1m-2025-08-07";

/** The allow-list of top-level keys: everything else is an extra input (protocol 4a.2). */
const body = object(
  { anthropic_version: literal("bedrock-2023-05-31"), max_tokens: integer(1), messages },
  {
    anthropic_beta: array(string()),
    system: stringOr(array(systemBlock)),
    tools,
    tool_choice: toolChoice,
    thinking,
    output_config: outputConfig,
    metadata: refuseMetadata,
    stop_sequences: array(stopSequence),
    temperature: number(0, 1),
    top_p: number(0, 1),
    top_k: integer(0),
  },
);

/** Throws a Refusal in Bedrock's words, or gives back the body as what it now is known to be. */
export function checkRequest(
  value: Json,
  model: string,
  rules: ClaudeRules,
  unknownBetas: readonly string[] = [],
): ClaudeRequest {
  body(value, "");
  const raw = isObject(value) ? value : {};
  const request = raw as unknown as ClaudeRequest;
  checkBetas(request.anthropic_beta ?? [], rules, unknownBetas);
  checkMaxTokens(request, model, rules);
  checkMarks(raw.tools ?? null, raw.system ?? null, raw.messages ?? null);
  checkTools(request);
  checkThinking(request, rules);
  checkSampling(request, rules);
  checkMessages(request, rules);
  checkLength(request, rules);
  return request;
}

function checkMaxTokens({ max_tokens }: ClaudeRequest, model: string, { maxOutput }: ClaudeRules): void {
  if (max_tokens <= maxOutput) return;
  const rule = "which is the maximum allowed number of output tokens for";
  refuse("max_tokens", `${max_tokens} > ${maxOutput}, ${rule} ${model}`);
}

function checkLength({ anthropic_beta, tools, system, messages: list }: ClaudeRequest, rules: ClaudeRules) {
  const long = anthropic_beta?.includes(LONG_CONTEXT_BETA) ? rules.longContext : undefined;
  const most = long ?? rules.context;
  const tokens = tokensOf([tools ?? null, system ?? null, list] as unknown as Json);
  if (tokens > most) refuse("", `prompt is too long: ${tokens} tokens > ${most} maximum`);
}

/** The misleading answer that one source got for it (YUN); others saw it pass. The strict choice is to refuse. */
function refuseMetadata(): never {
  return refuse("", "role 'system' is not supported on this model");
}

function stopSequence(value: Json, path: string): void {
  string()(value, path);
  if (String(value).trim() === "") refuse("stop_sequences", "each stop sequence must contain non-whitespace");
}
