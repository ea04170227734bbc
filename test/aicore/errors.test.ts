import { expect, test } from "vitest";
import { readUpstreamError } from "../../src/aicore/errors.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");

/** protocol notes 6.1: every shape that hosts behind SAP AI Core use. */
const SHAPES: [string, number, unknown, string][] = [
  [
    "XSUAA",
    401,
    { error: "unauthorized", error_description: "Bad credentials" },
    "unauthorized: Bad credentials",
  ],
  [
    "AI Core",
    400,
    { error: { code: "01010076", message: "Invalid Request", requestId: "r" } },
    "Invalid Request",
  ],
  ["Bedrock", 400, { message: "Malformed input request" }, "Malformed input request"],
  ["Bedrock, wrapped", 400, { error: { message: "invalid beta flag" } }, "invalid beta flag"],
  [
    "Azure",
    400,
    { error: { code: null, message: "Unknown parameter: 'x'", param: null } },
    "Unknown parameter: 'x'",
  ],
  ["SAP on Azure", 400, { error: "BadRequest", message: "tools[0] is bad" }, "tools[0] is bad"],
  ["a word only", 400, { error: "BadRequest" }, "BadRequest"],
  [
    "Vertex",
    400,
    { error: { code: 400, message: "Unknown name", status: "INVALID_ARGUMENT" } },
    "Unknown name",
  ],
  ["Vertex in an array", 404, [{ error: { code: 404, message: "No model" } }], "No model"],
  [
    "orchestration v2",
    400,
    { error: { request_id: "r", code: 400, message: "'config' is required" } },
    "'config' is required",
  ],
  [
    "fallbacks",
    429,
    { error: [{ message: "no gpt" }, { message: "429 - Too many" }] },
    "no gpt; 429 - Too many",
  ],
  [
    "orchestration v1",
    400,
    { request_id: "r", code: 400, message: "Missing", module_results: { a: "P" } },
    "Missing",
  ],
  ["errors", 400, { errors: { message: "old shape" } }, "old shape"],
  ["detail", 404, { detail: "Not Found" }, "Not Found"],
  ["FastAPI", 422, { detail: [{ loc: ["body"], msg: "field required" }] }, "field required"],
  ["description only", 400, { error_description: "nope" }, "nope"],
  ["another shape", 400, { fault: "odd" }, '{"fault":"odd"}'],
  ["an empty object", 400, {}, "SAP AI Core answered 400 without a message."],
  ["Envoy", 403, "RBAC: access denied", "RBAC: access denied"],
  [
    "Envoy down",
    503,
    "upstream connect error or disconnect/reset before headers",
    "upstream connect error or disconnect/reset before headers",
  ],
  ["nothing", 502, "", "SAP AI Core answered 502 without a message."],
  ["cut JSON", 400, '{"error":{"message":"cut', '{"error":{"message":"cut'],
  [
    "HTML",
    502,
    "<!DOCTYPE html><html><head><style>b{}</style><title>502 Bad Gateway</title></head><body><h1>Oh</h1></body></html>",
    "502 Bad Gateway Oh",
  ],
];

test.each(SHAPES)("%s (%i)", (_, status, body, message) => {
  const error = readUpstreamError(status, {}, typeof body === "string" ? body : JSON.stringify(body));
  expect(error).toMatchObject({ status, message, origin: "upstream" });
});

test.each<[number, string, string]>([
  [400, "bad", "invalid_request_error"],
  [401, "bad", "authentication_error"],
  [403, "bad", "permission_error"],
  [404, "bad", "not_found_error"],
  [408, "bad", "timeout_error"],
  [413, "bad", "request_too_large"],
  [424, "bad", "api_error"],
  [429, "bad", "rate_limit_error"],
  [500, "bad", "api_error"],
  [503, "bad", "overloaded_error"],
  [504, "bad", "timeout_error"],
  [400, "ThrottlingException: Too many tokens, please wait before trying again.", "rate_limit_error"],
  [500, "Resource exhausted", "rate_limit_error"],
  [503, "rate limit", "overloaded_error"],
])("status %i, %s: %s", (status, message, type) => {
  expect(readUpstreamError(status, {}, JSON.stringify({ message }))).toMatchObject({ status, type });
});

test.each<[Record<string, string>, unknown, number | undefined]>([
  [{ "retry-after": "7" }, {}, 7],
  [{ "retry-after": "1.2" }, {}, 2],
  [{ "retry-after": "Sat, 21 Nov 2026 12:01:30 GMT" }, {}, 90],
  [{ "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" }, {}, 0],
  [{ "retry-after": "soon" }, {}, undefined],
  [{ "retry-after": "-5" }, {}, undefined],
  [{ "x-retry-after": "9" }, {}, 9],
  [{}, { error: { message: "m", headers: { "x-retry-after": "30" } } }, 30],
  [{}, { error: [{ message: "a" }, { message: "b", headers: { "x-retry-after": "31" } }] }, 31],
  [{}, {}, undefined],
])("retry-after %o %o: %s", (headers, body, seconds) => {
  expect(readUpstreamError(429, headers, JSON.stringify(body), NOW).retryAfter).toBe(seconds);
});

test.each<[Record<string, string>, unknown, string | undefined]>([
  [{ "x-request-id": "a", "ai-inference-id": "b" }, {}, "a"],
  [{ "ai-inference-id": "b" }, { error: { requestId: "c" } }, "b"],
  [{ "x-amzn-requestid": "d" }, {}, "d"],
  [{ "apim-request-id": "e" }, {}, "e"],
  [{}, { error: { requestID: "f" } }, "f"],
  [{}, { error: { request_id: "g" } }, "g"],
  [{}, { request_id: "h", message: "m" }, "h"],
  [{}, {}, undefined],
])("request id %o %o: %s", (headers, body, id) => {
  expect(readUpstreamError(500, headers, JSON.stringify(body)).upstreamRequestId).toBe(id);
});

test("F38: compressed bytes are not shown", () => {
  const error = readUpstreamError(400, { "content-encoding": "gzip" }, "\u001f\ufffd\b");
  expect(error.message).toBe("SAP AI Core answered 400 without a message.");
});

test("Converse names its error in a header only", () => {
  const error = readUpstreamError(400, { "x-amzn-errortype": "ValidationException" }, "{}");
  expect(error.message).toBe("ValidationException (status 400)");
});

test("an orchestration error keeps what is on the list and never the prompt", () => {
  const inner = {
    code: 400,
    location: "LLM",
    type: "t",
    param: "p",
    intermediate_results: { templating: "PROMPT" },
  };
  const withMessage = readUpstreamError(400, {}, JSON.stringify({ error: { ...inner, message: "bad" } }));
  expect(withMessage.details).toEqual({ code: 400, location: "LLM", type: "t", param: "p" });
  const without = readUpstreamError(500, {}, JSON.stringify({ error: inner }));
  const broken = readUpstreamError(500, {}, JSON.stringify({ error: inner }).slice(0, -1));
  for (const error of [withMessage, without, broken]) {
    expect(JSON.stringify(error) + error.message).not.toContain("PROMPT");
  }
});

test.each<[number, string, string, string]>([
  [500, "failed: token abc123 expired", "abc123", "failed: token [redacted] expired"],
  [502, "Authorization: Bearer abc", "abc", "Authorization: [redacted] [redacted]"],
  [500, 'password="hunter2", user=x', "hunter2", 'password="[redacted]", user=x'],
  [500, "client_secret: s3", "s3", "client_secret: [redacted]"],
  [500, "Too many tokens in flight", "nothing", "Too many tokens in flight"],
  [400, "prompt token count exceeded", "nothing", "prompt token count exceeded"],
  [400, "sent eyJhbGciOi.eyJzdWIi.c2ln", "eyJ", "sent [token]"],
])("%i %s", (status, text, secret, shown) => {
  const { message } = readUpstreamError(status, {}, text);
  expect(message).toBe(shown);
  expect(message).not.toContain(secret);
});

test("a long text is cut at 500 characters, whole characters only", () => {
  const { message } = readUpstreamError(400, {}, `${"x".repeat(498)}😀${"y".repeat(100)}`);
  expect(message).toBe(`${"x".repeat(498)}…`);
});

test.each([
  [200, "answered 200"],
  [302, "redirects are not followed"],
])("status %i, which is no error, becomes 502", (status, words) => {
  const error = readUpstreamError(status, {}, "");
  expect(error).toMatchObject({ status: 502, type: "api_error", reason: "bad_answer" });
  expect(error.message).toContain(words);
});

test.each<[number, string, string]>([
  [403, "RBAC: access denied", "resource-groups list"],
  [401, "Jwt issuer is not configured", "do not belong together"],
  [401, "Authentication Failed. Issuer Is Invalid", "do not belong together"],
  [401, "Jwt verification fails", "another tenant"],
  [401, "Jwt is expired", "clock"],
  [400, "Missing Tenant Id", "identityzoneid"],
  [413, "Result set exceeds the maximum of 1000 rows. Use $top and $skip", "fewer rows"],
  [400, "Subpath not allowed", "gateway"],
  [404, "Deployment ID not found", "deployments list"],
  [404, "Deployment d123 not found", "deployments list"],
  [429, "Quota exceeded", "Launchpad"],
])("%i '%s' comes with a hint", (status, message, words) => {
  expect(readUpstreamError(status, {}, message).hint).toContain(words);
});

test("an ordinary refusal has no hint", () => {
  expect(readUpstreamError(400, {}, "max_tokens: Field required").hint).toBeUndefined();
});
