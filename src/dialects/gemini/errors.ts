import { type ApiError, type ErrorType, messageFor } from "../../errors.ts";
import type { Frame } from "../../hub/wire.ts";
import type { Dialect } from "../types.ts";

/** google.rpc.Code names for what the proxy can say. */
const STATUS: Record<ErrorType, string> = {
  invalid_request_error: "INVALID_ARGUMENT",
  authentication_error: "UNAUTHENTICATED",
  permission_error: "PERMISSION_DENIED",
  not_found_error: "NOT_FOUND",
  request_too_large: "INVALID_ARGUMENT",
  rate_limit_error: "RESOURCE_EXHAUSTED",
  timeout_error: "DEADLINE_EXCEEDED",
  overloaded_error: "UNAVAILABLE",
  api_error: "INTERNAL",
};

/** Errors of the Gemini API: `{"error":{"code","message","status"}}`. */
export const gemini: Dialect = {
  name: "gemini",
  statusOf: (error) => (error.status === 529 ? 503 : error.status),
  errorBody(error: ApiError) {
    return {
      error: { code: gemini.statusOf(error), message: messageFor(error), status: STATUS[error.type] },
    };
  },
};

/** How a stream that broke ends: the error, and no `finishReason` (DESIGN 8). Google's SDKs throw on it. */
export function geminiErrorFrames(error: ApiError): Frame[] {
  return [{ data: JSON.stringify(gemini.errorBody(error, "")) }];
}
