import { ApiError } from "../../errors.ts";
import type { Call } from "../types.ts";

const TOO_LONG = /input is too long for requested model/i;

/**
 * Bedrock's words for a prompt that does not fit, in Anthropic's: Claude Code compacts a conversation when it reads
 * "prompt is too long: N tokens > M maximum", and otherwise gives up (clients.md 1.8, 2.1.329; protocol.md 6.2). What
 * Bedrock said stays behind it. Can go when Bedrock says so itself.
 * @param tokens of the prompt, estimated
 */
export function explainTooLong(error: ApiError, { capabilities, betas }: Call, tokens: number): ApiError {
  if (error.status !== 400 || !TOO_LONG.test(error.message)) return error;
  const { contextWindow, longContextBeta, longContextWindow } = capabilities;
  const isLong = longContextBeta !== undefined && betas.includes(longContextBeta);
  const window = (isLong ? longContextWindow : undefined) ?? contextWindow;
  const count = Math.max(tokens, window + 1);
  return new ApiError(400, `prompt is too long: ${count} tokens > ${window} maximum (${error.message})`, {
    origin: "upstream",
    cause: error,
    ...(error.upstreamRequestId !== undefined && { upstreamRequestId: error.upstreamRequestId }),
  });
}
