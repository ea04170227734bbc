import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest, Vendor } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";

type Note = (text: string) => void;

/** Parameters that only OpenAI's models know: they travel in `vendor.openai`. */
const OPENAI_ONLY: ReadonlySet<string> = new Set([
  "audio",
  "frequency_penalty",
  "logit_bias",
  "logprobs",
  "metadata",
  "modalities",
  "prediction",
  "presence_penalty",
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
  "seed",
  "service_tier",
  "store",
  "top_logprobs",
  "user",
  "verbosity",
  "web_search_options",
]);

/** Parameters that have a place in the hub. */
const TRANSLATED: ReadonlySet<string> = new Set([
  "function_call",
  "functions",
  "max_completion_tokens",
  "max_tokens",
  "messages",
  "model",
  "n",
  "parallel_tool_calls",
  "reasoning_effort",
  "response_format",
  "stop",
  "stream",
  "stream_options",
  "temperature",
  "tool_choice",
  "tools",
  "top_k",
  "top_p",
]);

/** What is not translated: kept for OpenAI's models, or left out with a note. */
export function decodeVendor(body: JsonObject, note: Note): Pick<HubRequest, "vendor"> {
  const openai: JsonObject = {};
  for (const [key, value] of Object.entries(body)) {
    if (value === null || TRANSLATED.has(key)) continue;
    if (OPENAI_ONLY.has(key)) openai[key] = value;
    else if (/^\w{1,64}$/.test(key)) note(`${key} is left out: it is not known`);
  }
  if (typeof body.n === "number" && body.n > 1) note("n is left out: a request gets one answer");
  const chat = answerForm(body);
  if (Object.keys(openai).length === 0 && !chat) return {};
  return { vendor: { ...(Object.keys(openai).length > 0 && { openai }), ...(chat && { chat }) } };
}

function answerForm(body: JsonObject): Vendor["chat"] {
  const usage = isObject(body.stream_options) && body.stream_options.include_usage === true;
  const functions = Array.isArray(body.functions) && !Array.isArray(body.tools);
  if (!usage && !functions) return undefined;
  return { ...(usage && { include_usage: true }), ...(functions && { functions: true }) };
}

/** The parameters that came for OpenAI's models, in any OpenAI dialect; those that chat does not know are left out. */
export function encodeVendor({ vendor, top_k }: HubRequest, target: Target): JsonObject {
  const known: [string, Json][] = [];
  for (const [key, value] of Object.entries(vendor?.openai ?? {})) {
    if (OPENAI_ONLY.has(key)) known.push([key, value]);
    else target.note(`${key} is left out: chat completions do not know it`);
  }
  const foreign = [...Object.keys(vendor?.gemini ?? {}), ...(top_k === undefined ? [] : ["top_k"])];
  for (const key of foreign) target.note(`${key} is left out: chat completions do not know it`);
  return Object.fromEntries(known);
}
