import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { StopReason } from "../../hub/messages.ts";

/** How a response ended: `status` and `incomplete_details` in the hub's words. */
export function decodeStatus(response: JsonObject, hasCalls: boolean): StopReason {
  const details = isObject(response.incomplete_details) ? response.incomplete_details : {};
  if (response.status === "incomplete") return details.reason === "content_filter" ? "refusal" : "max_tokens";
  return hasCalls ? "tool_use" : "end_turn";
}

export type Status = "completed" | "incomplete";

/** Responses know no stop sequences, and a pause is an end. */
export function encodeStatus(reason: StopReason): { status: Status; incomplete_details: Json } {
  switch (reason) {
    case "max_tokens":
      return { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
    case "refusal":
      return { status: "incomplete", incomplete_details: { reason: "content_filter" } };
    default:
      return { status: "completed", incomplete_details: null };
  }
}
