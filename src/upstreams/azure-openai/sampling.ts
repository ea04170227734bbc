import type { JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

const SAMPLING: readonly string[] = [
  ...["temperature", "top_p", "presence_penalty", "frequency_penalty"],
  ...["logprobs", "top_logprobs", "logit_bias"],
];

/**
 * Drops what models that reason refuse (`Unsupported value: 'temperature' does not support 0.2 with this model`,
 * protocol 4b.2, five sources). Clients send it by default, so the request goes on without.
 */
export function dropSampling(body: JsonObject, call: Call): JsonObject {
  if (call.capabilities.sampling !== "fixed") return body;
  return SAMPLING.reduce((rest, field) => {
    if (rest[field] === undefined || (field === "temperature" && rest[field] === 1)) return rest;
    call.note(`${field} is left out: ${call.model} refuses it`);
    return withMember(rest, field, undefined);
  }, body);
}
