import type { Dialect } from "./types.ts";

/** Errors of the routes that no API family owns, such as `/admin` and `/stats`: `{"error":{"type","message","hint"?}}`. */
export const plain: Dialect = {
  name: "plain",
  statusOf: (error) => (error.status === 529 ? 503 : error.status),
  errorBody({ type, message, hint }, requestId) {
    return { error: { type, message, ...(hint !== undefined && { hint }) }, request_id: requestId };
  },
};
