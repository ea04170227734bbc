import type { Dialect } from "./types.ts";

/**
 * Errors of the routes that no API family owns, such as `/admin` and `/stats`: `{"type":"error","error":{"type","message",
 * "hint"?}}`. Like those of Messages, but that the hint stands apart, and the request's id in its header alone.
 */
export const plain: Dialect = {
  name: "plain",
  statusOf: (error) => (error.status === 529 ? 503 : error.status),
  errorBody({ type, message, hint }) {
    return { type: "error", error: { type, message, ...(hint !== undefined && { hint }) } };
  },
};
