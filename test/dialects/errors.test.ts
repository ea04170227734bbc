/** One failure, worded in three dialects (security.md 4.3, columns A and O). */
import { describe, expect, test } from "vitest";
import { messagesError } from "../../src/dialects/anthropic/errors.ts";
import { gemini } from "../../src/dialects/gemini/errors.ts";
import { dialectOf } from "../../src/dialects/index.ts";
import { openai } from "../../src/dialects/openai/errors.ts";
import { ApiError } from "../../src/errors.ts";

describe("a status in each dialect", () => {
  test.each([
    [400, "invalid_request_error", "invalid_request_error", null, 400, "INVALID_ARGUMENT"],
    [401, "authentication_error", "invalid_request_error", "invalid_api_key", 401, "UNAUTHENTICATED"],
    [403, "permission_error", "invalid_request_error", "permission_denied", 403, "PERMISSION_DENIED"],
    [404, "not_found_error", "invalid_request_error", "not_found", 404, "NOT_FOUND"],
    [405, "invalid_request_error", "invalid_request_error", null, 405, "INVALID_ARGUMENT"],
    [408, "timeout_error", "server_error", "timeout", 408, "DEADLINE_EXCEEDED"],
    [413, "request_too_large", "invalid_request_error", null, 413, "INVALID_ARGUMENT"],
    [415, "invalid_request_error", "invalid_request_error", null, 415, "INVALID_ARGUMENT"],
    [429, "rate_limit_error", "requests", "rate_limit_exceeded", 429, "RESOURCE_EXHAUSTED"],
    [500, "api_error", "server_error", null, 500, "INTERNAL"],
    [502, "api_error", "server_error", null, 502, "INTERNAL"],
    [503, "overloaded_error", "server_error", "overloaded", 503, "UNAVAILABLE"],
    [504, "timeout_error", "server_error", "timeout", 504, "DEADLINE_EXCEEDED"],
    [529, "overloaded_error", "server_error", "overloaded", 503, "UNAVAILABLE"],
  ])("%i", (status, type, openaiType, code, elsewhere, rpc) => {
    const error = new ApiError(status, "It failed.", { origin: "upstream" });
    expect(messagesError(error, "req_1")).toEqual({
      type: "error",
      error: { type, message: "It failed." },
      request_id: "req_1",
    });
    expect(openai.statusOf(error)).toBe(elsewhere);
    expect(openai.errorBody(error, "req_1")).toEqual({
      error: { message: "It failed.", type: openaiType, param: null, code },
    });
    expect(gemini.statusOf(error)).toBe(elsewhere);
    expect(gemini.errorBody(error, "req_1")).toEqual({
      error: { code: elsewhere, message: "It failed.", status: rpc },
    });
  });
});

describe("what an error says", () => {
  test("our own tell what to do next, an upstream's words stay alone", () => {
    const options = { hint: "Do this." };
    const message = (error: ApiError) =>
      (messagesError(error, "r") as { error: { message: string } }).error.message;
    expect(message(new ApiError(400, "Bad.", options))).toBe("Bad. Do this.");
    expect(message(new ApiError(400, "Bad.", { ...options, origin: "upstream" }))).toBe("Bad.");
    expect(message(new ApiError(401, "Bad.", { ...options, origin: "token" }))).toBe("Bad. Do this.");
  });

  test("a reason is OpenAI's code, a path its param, details are Anthropic's", () => {
    const error = new ApiError(404, "model: no", { reason: "model_not_found", details: { error_code: "x" } });
    expect(openai.errorBody(error, "r")).toMatchObject({
      error: { param: "model", code: "model_not_found" },
    });
    const deep = new ApiError(400, "messages.3.content.0.type: no");
    expect(openai.errorBody(deep, "r")).toMatchObject({ error: { param: "messages.3.content.0.type" } });
    expect(messagesError(error, "r")).toMatchObject({ error: { details: { error_code: "x" } } });
  });

  test("a refused key has no request id in its body: all such bodies are equal", () => {
    expect(messagesError(new ApiError(401, "No."), "req_1")).not.toHaveProperty("request_id");
    expect(messagesError(new ApiError(401, "No.", { origin: "upstream" }), "req_1")).toHaveProperty(
      "request_id",
    );
  });
});

test.each([
  ["/v1/messages", false, "anthropic"],
  ["/v1/messages/count_tokens", false, "anthropic"],
  ["/v1/messages/batches", false, "anthropic"],
  ["/v1/chat/completions", true, "openai"],
  ["/v1/responses", false, "openai"],
  ["/v1/responses/resp_1", false, "openai"],
  ["/v1/embeddings", false, "openai"],
  ["/v1/moderations", false, "openai"],
  ["/v1/models", true, "anthropic"],
  ["/v1/models", false, "openai"],
  ["/v1/models/opus", true, "anthropic"],
  ["/v1/models/opus", false, "openai"],
  ["/v1/models/gemini-2.5-pro:generateContent", false, "gemini"],
  ["/v1/models/us.anthropic.claude-opus-4-6-v1:0", false, "openai"],
  ["/v1beta/models", true, "gemini"],
  ["/v1beta/models/x:streamGenerateContent", false, "gemini"],
  ["/nowhere", false, "anthropic"],
  ["/admin/keys", false, "plain"],
])("%s (version %s) speaks %s", (path, hasVersion, name) => {
  for (const prefix of ["", "/anthropic", "/openai", "/gemini"]) {
    const owned = path !== "/nowhere";
    const expected = owned || prefix === "" ? name : prefix.slice(1);
    expect(dialectOf(`${prefix}${path}?x=1`, path, hasVersion).name).toBe(expected);
  }
});
