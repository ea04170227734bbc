/** `/chat/completions` on Azure (protocol 4b.2, 4b.3). */
import type { Json, JsonObject } from "../../hub/json.ts";
import type { Answer } from "../answer.ts";
import type { InferenceCall } from "../inference.ts";
import { AZURE_MODELS, type AzureRules } from "../models.ts";
import { chatAnswer, usageOf } from "../openai-compatible/chat-answer.ts";
import {
  COMMON,
  checkChat,
  FORMAT,
  LOGPROBS,
  messagesWith,
  STREAM_OPTIONS,
  TOOLS,
} from "../openai-compatible/chat-request.ts";
import { asScript, type ChatRequest } from "../openai-compatible/chat-wire.ts";
import { composeFor } from "../openai-compatible/composed.ts";
import { formatOf } from "../openai-compatible/family.ts";
import { boolean, dictionary, integer, object, refuse, string } from "../openai-compatible/schema.ts";
import { checkEffort, checkLength, checkSampling, FILTERS, thinksAt } from "./rules.ts";

const body = object(
  { messages: messagesWith("developer") },
  {
    ...{ ...COMMON, ...STREAM_OPTIONS, ...TOOLS, ...FORMAT, ...LOGPROBS },
    ...{ max_completion_tokens: integer(1), reasoning_effort: string, verbosity: string },
    ...{ metadata: dictionary, store: boolean, service_tier: string },
    ...{ prompt_cache_key: string, safety_identifier: string },
  },
);

export function complete(call: InferenceCall): Answer {
  const { deployment, model, memory, temper } = call;
  const rules = rulesOf(model);
  const request = checkChat(call.body, body);
  checkFor(request, model, rules);
  const { messages, tools = [], stream = false, prompt_cache_key: cacheKey = "" } = request;
  const script = asScript(request, rules.maxOutput, thinksAt(rules, request.reasoning_effort));
  const composed = composeFor(script, { callsTools: temper.callsTools, format: formatOf(request) });
  const account = memory.account(deployment, cacheKey, [...tools, ...messages] as unknown as Json[]);
  checkLength(account.prompt, rules);
  return chatAnswer({
    composed,
    model: rules.wireId,
    usage: usageOf(account, composed),
    callId: (letters) => `call_${letters}`,
    stream,
    tellsUsage: request.stream_options?.include_usage === true,
    extras: { first: FIRST, choice: { content_filter_results: FILTERS }, answer: PROMPT },
  });
}

const PROMPT: JsonObject = {
  prompt_filter_results: [{ prompt_index: 0, content_filter_results: FILTERS }],
};
/** What strict clients crash on (protocol 7.5 #66). */
const FIRST: JsonObject = { choices: [], created: 0, id: "", model: "", object: "", ...PROMPT };

function rulesOf(model: string): AzureRules {
  const rules = AZURE_MODELS[model];
  if (rules?.chat !== true)
    return refuse("The chatCompletion operation does not work with the specified model.");
  return rules;
}

function checkFor(request: ChatRequest, model: string, rules: AzureRules): void {
  const { max_tokens: old, max_completion_tokens: limit, tools, reasoning_effort: effort } = request;
  const reasons = rules.efforts.length > 0;
  if (old !== undefined && reasons)
    refuse(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    );
  if (old !== undefined && limit !== undefined)
    refuse("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
  const asked = limit ?? old ?? 0;
  if (asked > rules.maxOutput)
    refuse(
      `max_tokens is too large: ${asked}. This model supports at most ${rules.maxOutput} completion tokens.`,
    );
  checkSampling(request as unknown as JsonObject, rules);
  checkEffort("reasoning_effort", effort, rules);
  if (tools !== undefined && effort !== undefined && effort !== "none" && !rules.toolsWithEffort)
    refuse(
      `Function tools with reasoning_effort are not supported for ${model} in /v1/chat/completions. Please use /v1/responses instead.`,
    );
}
