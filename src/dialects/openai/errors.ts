import { type ApiError, messageFor } from "../../errors.ts";
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
