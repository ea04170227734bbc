import { type ApiError, messageFor } from "../../errors.ts";
import type { Frame } from "../../hub/wire.ts";
import type { Dialect } from "../types.ts";

/** OpenAI's error types are fewer; its codes say the rest. */
const CODES: Record<string, { type: string; code: string | null }> = {
  authentication_error: { type: "invalid_request_error", code: "invalid_api_key" },
  permission_error: { type: "invalid_request_error", code: "permission_denied" },
  not_found_error: { type: "invalid_request_error", code: "not_found" },
  rate_limit_error: { type: "requests", code: "rate_limit_exceeded" },
  timeout_error: { type: "server_error", code: "timeout" },
  overloaded_error: { type: "server_error", code: "overloaded" },
  api_error: { type: "server_error", code: null },
};

/** Errors of the OpenAI APIs: `{"error":{"message","type","param","code"}}`. */
export const openai: Dialect = {
  name: "openai",
  statusOf: (error) => (error.status === 529 ? 503 : error.status),
  errorBody(error: ApiError) {
    const known = CODES[error.type];
    return {
      error: {
        message: messageFor(error),
        type: known?.type ?? "invalid_request_error",
        param: /^([a-z_]+(?:\.[\w]+)*): /.exec(error.message)?.[1] ?? null,
        code: error.reason ?? known?.code ?? null,
      },
    };
  },
};

/**
 * An error inside a chat stream: one frame, and no `[DONE]` after it. The OpenAI SDK raises it (7.55.0, run
 * 2026-11-21), and does not take a stream for complete that has no `[DONE]`.
 */
export function chatErrorFrames(error: ApiError): Frame[] {
  return [{ data: JSON.stringify(openai.errorBody(error, "")) }];
}
