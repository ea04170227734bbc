import { ApiError } from "../../errors.ts";
import type { Json, JsonObject } from "../../hub/json.ts";

/** Statuses of the codes and types that OpenAI's APIs put into an error, where no number says it. */
const STATUS: ReadonlyMap<Json | undefined, number> = new Map([
  ["invalid_request_error", 400],
  ["content_filter", 400],
  ["context_length_exceeded", 400],
  ["invalid_prompt", 400],
  ["invalid_api_key", 401],
  ["authentication_error", 401],
  ["permission_error", 403],
  ["model_not_found", 404],
  ["not_found_error", 404],
  ["rate_limit_exceeded", 429],
  ["rate_limit_error", 429],
  ["requests", 429],
  ["tokens", 429],
  ["insufficient_quota", 429],
  ["too_many_requests", 429],
  ["timeout", 504],
  ["service_unavailable", 503],
  ["overloaded", 503],
]);

/**
 * The `error` object of an OpenAI answer or stream as an ApiError. Azure writes the status as a text
 * (`"code":"429"`, recorded by SAP's Java SDK), orchestration as a number, OpenAI as a word.
 */
export function readUpstreamError(error: JsonObject): ApiError {
  const { message, code, type } = error;
  const text =
    typeof message === "string" && message !== "" ? message : "The model's host reported an error.";
  const status = numberOf(code) ?? numberOf(error.status) ?? STATUS.get(code) ?? STATUS.get(type) ?? 500;
  const reason = typeof code === "string" && numberOf(code) === undefined ? { reason: code } : {};
  return new ApiError(status, text, { origin: "upstream", ...reason });
}

function numberOf(code: Json | undefined): number | undefined {
  const status = typeof code === "string" && /^\d{3}$/.test(code) ? Number(code) : code;
  return typeof status === "number" && status >= 400 && status <= 599 ? status : undefined;
}
