import { isObject, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { JSON_WITHOUT_TOOLS } from "./learned.ts";
import { answerSchema } from "./schema.ts";

const MOST_STOPS = 5;

/** The limits of `generationConfig`; without the key when nothing is in it. */
export function clampLimits(body: JsonObject, call: Call): JsonObject {
  const { generationConfig: config } = body;
  if (!isObject(config)) return body;
  const steps = [clampOutput, cutStops, answerSchema, dropAnswerFormat];
  const fitted = steps.reduce((rest, step) => step(rest, call, body), config);
  return withMember(body, "generationConfig", Object.keys(fitted).length > 0 ? fitted : undefined);
}

/** `Unable to submit request because it has a maxOutputTokens value of 128000 but the supported range is …`. */
function clampOutput(config: JsonObject, call: Call): JsonObject {
  const { maxOutputTokens: asked } = config;
  const limit = call.capabilities.maxOutputTokens;
  if (typeof asked !== "number" || asked <= limit) return config;
  call.note(`maxOutputTokens is lowered to ${limit}, the most that ${call.model} answers with`);
  return withMember(config, "maxOutputTokens", limit);
}

/** Five at most (v1 reference, 2026); clients of other dialects send more. */
function cutStops(config: JsonObject, call: Call): JsonObject {
  const { stopSequences: stops } = config;
  if (!Array.isArray(stops) || stops.length <= MOST_STOPS) return config;
  call.note(`stop sequences after the fifth are left out: ${call.model} takes ${MOST_STOPS}`);
  return withMember(config, "stopSequences", stops.slice(0, MOST_STOPS));
}

/**
 * `Function calling with a response mime type: 'application/json' is unsupported` (Gemini 2.5; from 3 on it is): the
 * tools are worth more than the form of the answer.
 */
function dropAnswerFormat(config: JsonObject, call: Call, { tools }: JsonObject): JsonObject {
  if (tools === undefined || !call.learned.has(JSON_WITHOUT_TOOLS)) return config;
  if (config.responseMimeType === undefined) return config;
  call.note(`the JSON form of the answer is left out: ${call.model} refuses it beside tools`);
  const fields = ["responseMimeType", "responseSchema", "responseJsonSchema"];
  return fields.reduce((rest, field) => withMember(rest, field, undefined), config);
}
