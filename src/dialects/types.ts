import type { ApiError } from "../errors.ts";
import type { Json } from "../hub/json.ts";

/** "plain": our own routes, which are none of theirs. */
export type DialectName = "anthropic" | "openai" | "gemini" | "plain";

/** How one API family words what the proxy itself has to say. */
export interface Dialect {
  readonly name: DialectName;
  /** The status as this family knows it: 529 exists in the Messages API only. */
  statusOf(error: ApiError): number;
  /** The body of an error answer. */
  errorBody(error: ApiError, requestId: string): Json;
}
