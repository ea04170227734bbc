/** The parameters of a request that are not its prompt. */
import { isObject, type JsonObject } from "../../hub/json.ts";
import { isBlank } from "../bedrock-claude/text.ts";
import type { Call } from "../types.ts";

/** What Converse has a place for. */
const KNOWN: ReadonlySet<string> = new Set([
  ...["max_tokens", "messages", "system", "stop_sequences", "temperature", "top_p", "top_k"],
  ...["tools", "tool_choice", "thinking", "output_config", "output_format"],
]);

/** Dropped without a word: they are in the path, or announce fields that never leave here, or no model reads them. */
const SILENT: ReadonlySet<string> = new Set([
  ...["model", "stream", "metadata", "betas", "anthropic_beta", "anthropic_version"],
]);

/** Tells what is left behind; nothing is removed, for a Converse body holds only what is put into it. */
export function noteForeignFields(body: JsonObject, call: Call): JsonObject {
  for (const field of Object.keys(body)) {
    if (!KNOWN.has(field) && !SILENT.has(field))
      call.note(`${field} is left out: Amazon Nova does not know it`);
  }
  if (isObject(body.output_config) && body.output_config.effort !== undefined)
    call.note("output_config.effort is left out: Amazon Nova does not know it");
  return body;
}

/** Converse takes 0 to 1; OpenAI's clients may ask for up to 2. */
const HIGHEST_TEMPERATURE = 1;

/** What Converse itself names; undefined when nothing of it was asked for. */
export function inferenceConfig(body: JsonObject, call: Call): JsonObject | undefined {
  const { max_tokens, temperature, top_p, stop_sequences } = body;
  const stops = Array.isArray(stop_sequences)
    ? stop_sequences.filter((stop) => typeof stop === "string" && !isBlank(stop))
    : [];
  const hot = typeof temperature === "number" && temperature > HIGHEST_TEMPERATURE;
  if (hot) call.note(`temperature is lowered to ${HIGHEST_TEMPERATURE}, the highest that Converse takes`);
  return orNothing({
    ...(max_tokens !== undefined && { maxTokens: max_tokens }),
    ...(temperature !== undefined && { temperature: hot ? HIGHEST_TEMPERATURE : temperature }),
    ...(top_p !== undefined && { topP: top_p }),
    ...(stops.length > 0 && { stopSequences: stops }),
  });
}

/** AWS's Nova 2 guide, "Request and response schema" (2026-11). */
const HIGHEST_TOP_K = 128;

/** AWS's Nova guide, "Using the Invoke API" (2026-11): through Converse `topK` goes in here, in this wrapping. */
export function modelFields({ top_k }: JsonObject): JsonObject | undefined {
  if (typeof top_k !== "number") return undefined;
  return { inferenceConfig: { topK: Math.min(top_k, HIGHEST_TOP_K) } };
}

function orNothing(object: JsonObject): JsonObject | undefined {
  return Object.keys(object).length > 0 ? object : undefined;
}
