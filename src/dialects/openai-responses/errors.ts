import { type ApiError, messageFor } from "../../errors.ts";
import type { JsonObject } from "../../hub/json.ts";
import type { Frame } from "../../hub/wire.ts";
import { responseIds } from "./item-ids.ts";

/** How models say that the prompt does not fit: Claude, GPT, Gemini, and SAP's orchestration. */
const TOO_LONG =
  /prompt is too long|maximum context length|context[ _](length|window)|input token count .* exceeds/i;

/**
 * An error inside a stream. Codex reads `response.failed` and its code, and looks no further; the OpenAI SDK
 * (7.55.0) takes a failed response for an answer, and raises only at the `error` behind it. OpenAI's own streams
 * have both.
 */
export function responsesErrorFrames(error: ApiError, requestId: string): Frame[] {
  const code = codeOf(error);
  const message = withDelay(error);
  const id = responseIds(requestId).response;
  const response = {
    id,
    object: "response",
    status: "failed",
    error: { code, message },
    output: [],
    usage: null,
  };
  const told = { code, message, param: null };
  return [
    frame({
      type: "response.failed",
      response: { ...response, incomplete_details: null },
      sequence_number: 0,
    }),
    frame({ type: "error", ...told, error: { type: error.type, ...told }, sequence_number: 1 }),
  ];
}

/**
 * Codes that Codex 0.169 acts upon (clients.md 2.5): it waits and tries again after `rate_limit_exceeded`, gives up
 * with a clear word on `context_length_exceeded`, `server_is_overloaded` and `invalid_prompt`, and tries the whole
 * turn again on all others.
 */
function codeOf({ status, type, reason, message }: ApiError): string {
  if (reason === "insufficient_quota") return reason;
  if (status === 429) return "rate_limit_exceeded";
  if (reason === "context_length_exceeded" || (status < 500 && TOO_LONG.test(message))) {
    return "context_length_exceeded";
  }
  if (status === 503 || status === 529) return "server_is_overloaded";
  return status < 500 && type !== "timeout_error" ? "invalid_prompt" : "server_error";
}

/** Codex reads how long to wait out of the sentence. */
function withDelay(error: ApiError): string {
  const message = messageFor(error);
  const isTold = error.retryAfter === undefined || /try again in/i.test(message);
  return isTold ? message : `${message} Please try again in ${error.retryAfter}s.`;
}

function frame(event: JsonObject): Frame {
  return { event: String(event.type), data: JSON.stringify(event) };
}
