import { isObject, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, rewriteEach, withMember } from "../copy-on-write.ts";
import { dropFields } from "../learned-fields.ts";
import type { Call } from "../types.ts";
import { isMessageList, prepareChatMessages } from "./chat-messages.ts";
import { cleanChatTools } from "./chat-tools.ts";
import { fitEffort } from "./effort.ts";
import { convertLegacyFunctions } from "./legacy-functions.ts";
import { fitMistral } from "./mistral.ts";
import { askForUsage } from "./stream-usage.ts";
import { dropTools } from "./without-tools.ts";

type Step = (body: JsonObject, call: Call) => JsonObject;

/** What all of these hosts know (protocol 4d); what one of them adds stands in its row below. */
const KNOWN: readonly string[] = [
  ...["model", "messages", "stream", "stream_options", "max_tokens", "temperature", "top_p", "stop"],
  ...["presence_penalty", "frequency_penalty", "n", "tools", "tool_choice", "parallel_tool_calls"],
  ...["response_format", "seed", "reasoning_effort"],
];
const MISTRAL: readonly string[] = ["random_seed", "safe_prompt", "prediction", "prompt_mode"];
/** Servers of open models (vLLM and its like) take OpenAI's other parameters, and a few of their own. */
const OPEN: readonly string[] = [
  ...["top_k", "min_p", "repetition_penalty", "logprobs", "top_logprobs", "logit_bias", "user"],
];
const PERPLEXITY: readonly string[] = [
  ...["top_k", "search_mode", "search_domain_filter", "search_recency_filter", "search_after_date_filter"],
  ...["search_before_date_filter", "last_updated_after_filter", "last_updated_before_filter"],
  ...["return_images", "return_related_questions", "disable_search", "enable_search_classifier"],
  ...["web_search_options", "media_response"],
];
const NOT_AT_PERPLEXITY: ReadonlySet<string> = new Set(["response_format", "n", "seed"]);

interface Host {
  keys: ReadonlySet<string>;
  /** What only this host asks for, after the messages are in order. */
  steps: readonly Step[];
}

/** By executable. */
export const HOSTS: ReadonlyMap<string, Host> = new Map([
  ["aicore-mistralai", { keys: new Set([...KNOWN, ...MISTRAL]), steps: [fitMistral] }],
  ["aicore-opensource", { keys: new Set([...KNOWN, ...OPEN]), steps: [] }],
  ["aicore-ibm", { keys: new Set([...KNOWN, ...OPEN]), steps: [] }],
  [
    "perplexity-ai",
    { keys: new Set([...KNOWN, ...PERPLEXITY].filter((key) => !NOT_AT_PERPLEXITY.has(key))), steps: [] },
  ],
]);

/** The request as this host accepts it. Untouched members keep their identity. */
export function prepareFor({ keys, steps }: Host): Step {
  const all: readonly Step[] = [
    convertLegacyFunctions,
    nameModel,
    nameLimit, // reads `max_completion_tokens`, which keepKnown drops
    (body, call) => keepKnown(body, keys, call),
    asSystem,
    prepareChatMessages,
    (body, call) => (call.capabilities.tools ? cleanChatTools(body, call) : dropTools(body, call)),
    ...steps,
    (body, call) => withMember(body, "reasoning_effort", fitEffort(body.reasoning_effort, call)),
    askForUsage,
    dropFields, // last: what this deployment refused goes, whoever put it there
  ];
  return (body, call) => all.reduce((prepared, step) => step(prepared, call), body);
}

/** These hosts compare it: "Model 'x' is not allowed, supported model: sonar." (protocol 4.0) */
function nameModel(body: JsonObject, { model }: Call): JsonObject {
  return withMember(body, "model", model);
}

/** The limit under its older name, the only one that all of these hosts know, within what the model answers with. */
function nameLimit(body: JsonObject, { capabilities, model, note }: Call): JsonObject {
  const asked = body.max_tokens ?? body.max_completion_tokens ?? undefined;
  const most = capabilities.maxOutputTokens;
  const over = typeof asked === "number" && asked > most;
  if (over) note(`max_tokens is lowered to ${most}, the most that ${model} answers with`);
  const limit = over ? most : asked;
  return withMember(withMember(body, "max_completion_tokens", undefined), "max_tokens", limit);
}

function keepKnown(body: JsonObject, keys: ReadonlySet<string>, call: Call): JsonObject {
  for (const field of Object.keys(body))
    if (!keys.has(field)) call.note(`${field} is left out: ${call.model} does not know it`);
  return onlyMembers(body, keys);
}

/** The role `developer` is OpenAI's alone. */
function asSystem(body: JsonObject): JsonObject {
  if (!isMessageList(body.messages)) return body;
  const messages = rewriteEach(body.messages, (message) =>
    isObject(message) && message.role === "developer" ? { ...message, role: "system" } : message,
  );
  return withMember(body, "messages", messages);
}
