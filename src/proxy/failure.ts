import { presentable } from "../aicore/error-text.ts";
import { ApiError } from "../errors.ts";
import type { StreamError } from "../upstreams/types.ts";

/** An upstream's failure in mid-stream as a status would have told it; its words stay, as far as they may be shown. */
export function streamFailure({ status, type, message, reason }: StreamError): ApiError {
  const named = reason === undefined ? {} : { reason };
  return new ApiError(status, presentable(message, status), { type, origin: "upstream", ...named });
}

/** A stream that breaks is an `api_error`; what an upstream or a limit named keeps its name (DESIGN 8). */
export function inStream(error: ApiError): ApiError {
  if (error.type !== "api_error" || error.origin === "upstream") return error;
  return new ApiError(error.status, `The stream was interrupted: ${error.message}`, { type: "api_error" });
}

/** A 200 whose body is no answer. */
export function unreadable(cause?: unknown): ApiError {
  return new ApiError(502, "The upstream's answer cannot be read.", { reason: "bad_answer", cause });
}
