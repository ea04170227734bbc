import { ApiError } from "../../errors.ts";
import { isObject, type Json } from "../../hub/json.ts";
import type { StopReason } from "../../hub/messages.ts";

/** Google's finish reasons (v1 reference, 2026); one that we do not know ends the turn. */
const STOP_REASONS: ReadonlyMap<string, StopReason> = new Map([
  ["MAX_TOKENS", "max_tokens"],
  ...[
    ...["SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR"],
    ...["IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"],
  ].map((reason) => [reason, "refusal"] as const),
]);

/** The model tried to call a function and wrote what nobody can read, or a function that was not offered. */
const FAILED_CALLS = new Set(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"]);

/**
 * STOP ends a turn with calls, too (protocol 7.7 #115).
 * @param candidate as it finished
 * @throws ApiError 502 when the answer is nothing but a failed call: an agent that is told that the turn has ended
 * would stop in the middle of its work, on an error it tries again
 */
export function decodeFinish(
  reason: string,
  message: Json | undefined,
  said: { calls: boolean; anything: boolean },
): StopReason {
  if (FAILED_CALLS.has(reason) && !said.anything) {
    const detail = typeof message === "string" && message !== "" ? `: ${message}` : "";
    throw new ApiError(502, `The model ended with ${reason}${detail}`, { origin: "upstream" });
  }
  return STOP_REASONS.get(reason) ?? (said.calls ? "tool_use" : "end_turn");
}

export function encodeFinish(reason: StopReason): string {
  if (reason === "max_tokens") return "MAX_TOKENS";
  return reason === "refusal" ? "SAFETY" : "STOP";
}

/** Whether the prompt itself was blocked: then there is no candidate at all. */
export function isBlocked(feedback: Json | undefined): boolean {
  return isObject(feedback) && typeof feedback.blockReason === "string";
}

/**
 * Names come back as the model thinks of them, in its Python module `default_api` (protocol 7.7 #107): the client
 * knows the bare name.
 */
export function bareName(name: string): string {
  return name.replace(/^default_api[:.]/, "");
}
