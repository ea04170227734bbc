import { type ApiError, messageFor } from "../../errors.ts";
import type { Json } from "../../hub/json.ts";
import type { Frame } from "../../hub/wire.ts";
import type { Dialect } from "../types.ts";

/** Errors of the Messages API: `{"type":"error","error":{"type","message"},"request_id"}`. */
export const anthropic: Dialect = {
  name: "anthropic",
  statusOf: (error) => error.status,
  errorBody: messagesError,
};

/**
 * The body of an error answer and, in a stream, the data of its `error` event: the API has one shape for both. A refused
 * key gets no request id in the body (the header has it): 401 bodies are equal for every wrong key (DESIGN 8).
 */
export function messagesError(error: ApiError, requestId: string): Json {
  const refusedKey = error.status === 401 && error.origin === "aicore";
  return {
    type: "error",
    error: {
      type: error.type,
      message: messageFor(error),
      ...(error.details ? { details: error.details as Json } : {}),
    },
    ...(refusedKey ? {} : { request_id: requestId }),
  };
}

/** How a stream of Messages tells that it broke. */
export function messagesErrorFrames(error: ApiError, requestId: string): Frame[] {
  return [{ event: "error", data: JSON.stringify(messagesError(error, requestId)) }];
}
