import { expect, test } from "vitest";
import { responsesErrorFrames } from "../../../src/dialects/openai-responses/errors.ts";
import { ApiError, type ApiErrorOptions } from "../../../src/errors.ts";

test.each<[status: number, message: string, options: ApiErrorOptions, code: string]>([
  [429, "Slow.", {}, "rate_limit_exceeded"],
  [429, "No more.", { reason: "insufficient_quota" }, "insufficient_quota"],
  [400, "prompt is too long: 9 tokens > 8 maximum", {}, "context_length_exceeded"],
  [400, "Long.", { reason: "context_length_exceeded" }, "context_length_exceeded"],
  [
    400,
    "The input token count (9) exceeds the maximum number of tokens allowed (8).",
    {},
    "context_length_exceeded",
  ],
  [503, "Busy.", {}, "server_is_overloaded"],
  [529, "Busy.", {}, "server_is_overloaded"],
  [400, "tools.0: Bad.", {}, "invalid_prompt"],
  [408, "Late.", {}, "server_error"],
  [504, "Late.", {}, "server_error"],
  [502, "Gone.", {}, "server_error"],
])("%i %s %j has the code %s", (status, message, options, code) => {
  const frames = responsesErrorFrames(new ApiError(status, message, options), "req_ab12");
  expect(frames.map(({ event }) => event)).toEqual(["response.failed", "error"]);
  const [failed, error] = frames.map(({ data }) => JSON.parse(data));
  expect(failed).toMatchObject({
    type: "response.failed",
    response: { id: "resp_ab12", status: "failed", error: { code, message } },
  });
  expect(error).toMatchObject({ type: "error", code, message, error: { code, message } });
});

test.each([
  ["Slow.", "Slow. Please try again in 1.5s."],
  ["Slow. Please try again in 3s.", "Slow. Please try again in 3s."],
])("the delay stands in the sentence: %s", (message, told) => {
  const [frame] = responsesErrorFrames(new ApiError(429, message, { retryAfter: 1.5 }), "req_1");
  expect(JSON.parse(frame?.data ?? "").response.error.message).toBe(told);
});
