import { describe, expect, test } from "vitest";
import { cleanEvent, readStreamError, stopReason } from "../../src/upstreams/bedrock-claude/stream.ts";
import { upstreamsFor } from "../../src/upstreams/index.ts";
import { callFor, OPUS_46 } from "./request.ts";

describe("Bedrock's streams", () => {
  test("the measurements beside message_stop go", () => {
    const event = { type: "message_stop", "amazon-bedrock-invocationMetrics": { inputTokenCount: 7 } };
    expect(cleanEvent(event)).toEqual({ type: "message_stop" });
    const plain = { type: "message_stop" };
    expect(cleanEvent(plain)).toBe(plain);
  });

  const wait = "Too many tokens, please wait before trying again.";
  test.each([
    [
      { type: "error", error: { type: "overloaded_error", message: "Busy" } },
      "overloaded_error",
      "Busy",
      529,
    ],
    [
      { type: "error", error: { type: "rate_limit_error", message: "Slow" } },
      "rate_limit_error",
      "Slow",
      429,
    ],
    [{ type: "error", error: { type: "novel_error" } }, "api_error", "api_error", 500],
    [{ type: "error", message: `ThrottlingException: ${wait}` }, "rate_limit_error", wait, 429],
    [{ type: "error", message: "It broke" }, "api_error", "It broke", 500],
    [{ throttlingException: { message: wait } }, "rate_limit_error", wait, 429],
    [{ internalServerException: { message: "Oops" } }, "api_error", "Oops", 500],
    [{ modelStreamErrorException: { message: "Cut", originalStatusCode: 424 } }, "api_error", "Cut", 500],
    [{ serviceUnavailableException: {} }, "overloaded_error", "serviceUnavailableException", 503],
    [{ modelTimeoutException: { message: "Late" } }, "timeout_error", "Late", 504],
    [{ validationException: { message: "Bad" } }, "invalid_request_error", "Bad", 400],
    [{ someNewException: { message: "New" } }, "api_error", "New", 500],
  ])("%j is a failure", (event, type, message, status) => {
    expect(readStreamError(event)).toEqual({ type, message, status });
  });

  test.each([
    { type: "message_start" },
    { type: "ping" },
    {},
    { type: "content_block_delta", someException: {} },
  ])("%j is none", (event) => {
    expect(readStreamError(event)).toBeUndefined();
  });

  test.each([
    ["end_turn", "end_turn"],
    ["tool_use", "tool_use"],
    ["pause_turn", "pause_turn"],
    ["refusal", "refusal"],
    ["guardrail_intervened", "refusal"],
    ["content_filtered", "refusal"],
    ["model_context_window_exceeded", "max_tokens"],
    ["malformed_model_output", "end_turn"],
  ])("stop reason %s is told as %s", (reason, told) => {
    expect(stopReason(reason)).toBe(told);
  });
});

describe("which upstream serves a deployment", () => {
  test.each([
    ["aws-bedrock", "anthropic--claude-4.6-opus", "bedrock-claude"],
    ["aws-bedrock", "amazon--nova-pro", "bedrock-converse"],
    ["aws-bedrock", "amazon--titan-embed-text", undefined],
    ["azure-openai", "gpt-5", "azure-responses"],
    ["orchestration", undefined, "orchestration"],
  ])("%s with %s: %s", (executable, model, name) => {
    expect(upstreamsFor({ executable, model })[0]?.name).toBe(name);
  });

  test("the path tells whether the answer streams", () => {
    const [upstream] = upstreamsFor({ executable: "aws-bedrock", model: OPUS_46 });
    expect(upstream?.path(callFor(OPUS_46))).toBe("/invoke-with-response-stream");
    expect(upstream?.path(callFor(OPUS_46, { stream: false }))).toBe("/invoke");
  });
});
