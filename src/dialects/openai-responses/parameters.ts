import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubRequest } from "../../hub/messages.ts";
import type { Target } from "../codec.ts";

type Note = (text: string) => void;

/** Parameters that only OpenAI's models know, in chat too: they travel in `vendor.openai`. */
const OPENAI_ONLY: ReadonlySet<string> = new Set([
  "metadata",
  "prompt_cache_key",
  "prompt_cache_retention",
  "safety_identifier",
  "service_tier",
  "user",
]);

/** Parameters that have a place in the hub. */
const TRANSLATED: ReadonlySet<string> = new Set([
  "input",
  "instructions",
  "max_output_tokens",
  "model",
  "parallel_tool_calls",
  "reasoning",
  "stream",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_p",
]);

/**
 * Parameters without which an answer is the same: how OpenAI keeps it, or sends it, and Codex's notes to its own
 * servers (clients.md 2.3). Not worth a word in the log.
 */
const OF_NO_MATTER: ReadonlySet<string> = new Set([
  "client_metadata",
  "include",
  "store",
  "stream_options",
  "truncation",
]);

/** What is not translated: kept for OpenAI's models, or left out with a note. */
export function decodeVendor(body: JsonObject, note: Note): Pick<HubRequest, "vendor"> {
  const verbosity = isObject(body.text) ? body.text.verbosity : undefined;
  const openai: JsonObject = typeof verbosity === "string" ? { verbosity } : {};
  for (const [key, value] of Object.entries(body)) {
    if (value === null || value === false || TRANSLATED.has(key) || OF_NO_MATTER.has(key)) continue;
    if (OPENAI_ONLY.has(key)) openai[key] = value;
    else if (/^\w{1,64}$/.test(key) && !key.startsWith("internal_"))
      note(`${key} is left out: ${REASONS.get(key) ?? "it is not known"}`);
  }
  return Object.keys(openai).length > 0 ? { vendor: { openai } } : {};
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["background", "the answer is given in this request"],
  ["max_tool_calls", "no tools run on the host"],
  ["prompt", "stored prompts are OpenAI's own"],
  ["top_logprobs", "no other host tells probabilities here"],
]);

/** The parameters that came for OpenAI's models, in any OpenAI dialect; those that Responses do not know are left out. */
export function encodeVendor({ vendor, top_k, stop_sequences = [] }: HubRequest, target: Target): JsonObject {
  const known: [string, Json][] = [];
  const foreign = [
    ...Object.keys(vendor?.gemini ?? {}),
    ...(top_k === undefined ? [] : ["top_k"]),
    ...(stop_sequences.length === 0 ? [] : ["stop_sequences"]),
  ];
  for (const [key, value] of Object.entries(vendor?.openai ?? {})) {
    if (OPENAI_ONLY.has(key)) known.push([key, value]);
    else if (key !== "verbosity" && key !== "store") foreign.push(key);
  }
  for (const key of foreign) target.note(`${key} is left out: the Responses API does not know it`);
  return Object.fromEntries(known);
}
