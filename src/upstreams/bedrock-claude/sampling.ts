import type { JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { isThinking } from "./thinking.ts";

/**
 * Drops the sampling parameters that this model refuses (protocol.md 4a.4): from 4.7 on all but `temperature: 1`;
 * from 4.5 on `top_p` beside `temperature`; and while it thinks `top_k`, another temperature than 1, and a `top_p`
 * under 0.95. Clients such as Gemini CLI and Qwen send them by default, so the request goes on without them.
 */
export function dropUnsupportedSampling(body: JsonObject, call: Call): JsonObject {
  const { sampling } = call.capabilities;
  const thinking = isThinking(body);
  const fixed = sampling === "fixed";
  const refused = new Set<string>();
  if ((fixed || thinking) && body.temperature !== 1) refused.add("temperature");
  if (fixed || (thinking && !(Number(body.top_p) >= 0.95))) refused.add("top_p");
  if (fixed || thinking) refused.add("top_k");
  if (sampling === "one" && body.temperature !== undefined && !refused.has("temperature"))
    refused.add("top_p");
  return [...refused].reduce((rest, field) => {
    if (rest[field] === undefined) return rest;
    call.note(`${field} is left out: ${call.model} refuses it${thinking ? " while it thinks" : ""}`);
    return withMember(rest, field, undefined);
  }, body);
}
