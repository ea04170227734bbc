import type { JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

/**
 * `max_tokens` over the model's own limit is a 400. Claude Code asks for 128,000 whenever it takes the model for a
 * newer one than is deployed (clients.md 1.4).
 */
export function clampMaxTokens(body: JsonObject, call: Call): JsonObject {
  const limit = call.capabilities.maxOutputTokens;
  if (typeof body.max_tokens !== "number" || body.max_tokens <= limit) return body;
  call.note(`max_tokens is lowered to ${limit}, the most that ${call.model} answers with`);
  return withMember(body, "max_tokens", limit);
}
