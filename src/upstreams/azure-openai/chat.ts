/** `/chat/completions` on Azure: what its flavour of Chat Completions refuses (protocol 4b.2 and 7.5). */
import type { JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import { dropFields } from "../learned-fields.ts";
import { prepareChatMessages } from "../openai-compatible/chat-messages.ts";
import { cleanChatTools } from "../openai-compatible/chat-tools.ts";
import { fitEffort } from "../openai-compatible/effort.ts";
import { COMPLETION_LIMIT } from "../openai-compatible/learned.ts";
import { convertLegacyFunctions } from "../openai-compatible/legacy-functions.ts";
import { askForUsage } from "../openai-compatible/stream-usage.ts";
import type { Call } from "../types.ts";
import { dropSampling } from "./sampling.ts";
import { toolsNeedResponses } from "./surfaces.ts";

/** The parameters of Chat Completions in api-version 2025-04-01-preview. The model is ignored: the path says it. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "stop"],
  ...[
    "temperature",
    "top_p",
    "presence_penalty",
    "frequency_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
  ],
  ...["tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort", "seed", "user"],
  ...["metadata", "store", "modalities", "audio", "prediction", "verbosity", "service_tier"],
  ...["prompt_cache_key", "safety_identifier"],
]);

const STEPS: readonly ((body: JsonObject, call: Call) => JsonObject)[] = [
  convertLegacyFunctions, // reads `functions`, which keepKnown drops; adds tools
  keepKnown,
  prepareChatMessages,
  cleanChatTools,
  limitTokens,
  dropSampling,
  fitReasoning, // after cleanChatTools: an effort may stand in the way of tools
  askForUsage,
  dropFields, // last: what this deployment refused goes, whoever put it there
];

/** The request as Azure accepts it. Untouched members keep their identity. */
export function prepareChat(body: JsonObject, call: Call): JsonObject {
  return STEPS.reduce((prepared, step) => step(prepared, call), body);
}

function keepKnown(body: JsonObject, call: Call): JsonObject {
  for (const field of Object.keys(body))
    if (!KNOWN.has(field)) call.note(`${field} is left out: Azure OpenAI does not know it`);
  return onlyMembers(body, KNOWN);
}

/**
 * One limit, under the name that the model knows, within what it can answer. Models that reason refuse `max_tokens`
 * (protocol 4b.2, five sources); older ones take both names.
 */
function limitTokens(body: JsonObject, call: Call): JsonObject {
  const { capabilities, learned } = call;
  const renames = capabilities.sampling === "fixed" || learned.has(COMPLETION_LIMIT);
  const asked = body.max_completion_tokens ?? body.max_tokens ?? undefined;
  const name = renames || body.max_completion_tokens !== undefined ? "max_completion_tokens" : "max_tokens";
  const other = name === "max_tokens" ? "max_completion_tokens" : "max_tokens";
  const most = capabilities.maxOutputTokens;
  const over = typeof asked === "number" && asked > most;
  if (over) call.note(`${name} is lowered to ${most}, the most that ${call.model} answers with`);
  return withMember(withMember(body, other, undefined), name, over ? most : asked);
}

/** The effort that the model knows; none where function tools stand in its way. */
function fitReasoning(body: JsonObject, call: Call): JsonObject {
  if (!needsResponses(body, call.model)) {
    const fitted = withMember(body, "reasoning_effort", fitEffort(body.reasoning_effort, call));
    return reasons(call) ? fitted : withMember(fitted, "verbosity", undefined);
  }
  call.note(`the reasoning effort is left out: ${call.model} takes it beside tools on /responses only`);
  return withMember(body, "reasoning_effort", undefined);
}

function reasons({ capabilities }: Call): boolean {
  return capabilities.sampling === "fixed";
}

/**
 * Whether a chat request has to go to `/responses` to keep what it asks for: gpt-5.4 and newer refuse
 * `Function tools with reasoning_effort … Please use /v1/responses instead` (protocol 4b.2, 7.5 #70).
 * @param model SAP's name
 */
export function needsResponses(body: JsonObject, model: string): boolean {
  const { tools, functions, reasoning_effort: effort } = body;
  const hasTools = [tools, functions].some((list) => Array.isArray(list) && list.length > 0);
  const hasEffort = typeof effort === "string" && effort !== "none";
  return hasTools && hasEffort && toolsNeedResponses(model);
}
