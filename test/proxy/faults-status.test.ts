/** What the upstream refuses with a status, before any byte of an answer (security F18–F28, F32, F33, F37–F39). */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Fault } from "../../src/sandbox/index.ts";
import { ask } from "../support/questions.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
// One for each: a target that failed five times in a row rests.
beforeEach(async () => {
  stack = await startStack();
  await stack.catalog.refresh();
  stack.sandbox.requests.length = 0;
});
afterEach(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

const hits = () => stack.sandbox.requests.filter(({ kind }) => kind === "inference").length;
const HTML = "<!doctype html><html><head><style>x{}</style></head><body><h1>Service down</h1></body></html>";

interface Told {
  status: number;
  type: string;
  message: string | RegExp;
  origin: "upstream" | "aicore";
  hits: number;
  headers: Record<string, string | null>;
}

const AGAIN = { "x-should-retry": null };
const NEVER = { "x-should-retry": "false" };

/** Each is met by as many calls as come; the client asks once without and once with `stream`. */
const FAULTS: [name: string, fault: Fault, told: Partial<Told>][] = [
  [
    "F19 401 for ever",
    { status: 401, body: "Jwt is expired" },
    { status: 401, type: "authentication_error", message: "Jwt is expired", hits: 2, headers: NEVER },
  ],
  [
    "F20 403",
    { status: 403, body: "RBAC: access denied" },
    { status: 403, type: "permission_error", message: "RBAC: access denied", headers: NEVER },
  ],
  [
    "F21 404 for ever",
    { status: 404, body: "Deployment ID not found" },
    { status: 404, type: "not_found_error", hits: 2, headers: NEVER },
  ],
  [
    "413",
    { status: 413, body: { message: "too big" } },
    { status: 413, type: "request_too_large", message: "too big", headers: NEVER },
  ],
  [
    "400",
    { status: 400, body: { message: "prompt is too long: 9 tokens > 8 maximum" } },
    {
      status: 400,
      type: "invalid_request_error",
      message: "prompt is too long: 9 tokens > 8 maximum",
      headers: NEVER,
    },
  ],
  ["424", { status: 424, body: { message: "model error" } }, { status: 424, type: "api_error" }],
  [
    "F22 429 for ever, wait 1 s",
    { status: 429, headers: { "retry-after": "1" }, body: { message: "Too many tokens" } },
    {
      status: 429,
      type: "rate_limit_error",
      message: "Too many tokens",
      headers: { ...AGAIN, "retry-after": "1" },
      hits: 3,
    },
  ],
  [
    "F23 429, wait 120 s",
    { status: 429, headers: { "retry-after": "120" } },
    { status: 429, type: "rate_limit_error", headers: { ...AGAIN, "retry-after": "120" } },
  ],
  ["429 without a word", { status: 429 }, { status: 429, type: "rate_limit_error", headers: AGAIN, hits: 3 }],
  [
    "F25 500",
    { status: 500, body: { message: "boom" } },
    { status: 500, type: "api_error", message: "boom", headers: AGAIN, hits: 2 },
  ],
  ["F25 502", { status: 502, body: { message: "boom" } }, { status: 502, type: "api_error", hits: 3 }],
  [
    "F25 503",
    { status: 503, body: "no healthy upstream", headers: { "retry-after": "1" } },
    {
      status: 503,
      type: "overloaded_error",
      message: "no healthy upstream",
      headers: { "retry-after": "1" },
      hits: 3,
    },
  ],
  [
    "F25 504",
    { status: 504, body: "upstream request timeout" },
    { status: 504, type: "timeout_error", hits: 3 },
  ],
  [
    "F26 503 as HTML",
    { status: 503, body: HTML, headers: { "content-type": "text/html" } },
    { status: 503, message: "Service down", hits: 3 },
  ],
  [
    "F27 529",
    { status: 529, body: { message: "Overloaded" } },
    { status: 529, type: "overloaded_error", message: "Overloaded", hits: 3 },
  ],
  [
    "a secret in a 5xx",
    { status: 500, body: "authorization: Bearer abc.def.ghi password=hunter2" },
    { status: 500, message: /^(?!.*(abc\.def|hunter2))/, hits: 2 },
  ],
  [
    "a 5xx of 100 kB",
    { status: 500, body: "x".repeat(100_000) },
    { status: 500, message: /^x{499}…$/, hits: 2 },
  ],
  ["F33 not JSON", { status: 200, body: "not JSON" }, { status: 502, type: "api_error" }],
  [
    "F33 JSON cut short",
    { status: 200, body: '{"type":"message","content":[' },
    { status: 502, type: "api_error" },
  ],
  ["F33 JSON of another kind", { status: 200, body: { hello: 1 } }, { status: 502, type: "api_error" }],
  ["an empty 200", { status: 200 }, { status: 502, type: "api_error" }],
  ["204", { status: 204 }, { status: 502, type: "api_error" }],
  [
    "F32 short of its length",
    { contentLength: 1_000_000 },
    { status: 502, type: "api_error", origin: "aicore" },
  ],
  [
    "F37 no HTTP",
    { garbage: "\u0000\u0001 hello\r\n\r\n" },
    { status: 502, type: "api_error", origin: "aicore" },
  ],
  [
    "F37 a header of 200 kB",
    { garbage: `HTTP/1.1 200 OK\r\nx: ${"y".repeat(200_000)}\r\n\r\n` },
    { status: 502, type: "api_error", origin: "aicore" },
  ],
  ["F38 gzip", { gzip: true }, { status: 502, type: "api_error" }],
];

for (const stream of [false, true]) {
  // A stream has no length to fall short of.
  const faults = FAULTS.filter(([name]) => !stream || !name.startsWith("F32"));
  test.each(faults)(`%s, stream: ${stream}`, async (_name, fault, told) => {
    stack.sandbox.faults.add({ ...fault, times: 99 });
    const answer = await stack.post("/v1/messages", ask("Hello", { stream }));
    const body = (await answer.json()) as JsonObject;
    expect(answer.status).toBe(told.status);
    expect(answer.headers.get("content-type")).toBe("application/json");
    const { type = expect.any(String), message = /./ } = told;
    expect(body).toEqual({
      type: "error",
      error: { type, message: typeof message === "string" ? message : expect.stringMatching(message) },
      request_id: answer.headers.get("x-request-id"),
    });
    if (told.origin) expect(answer.headers.get("x-aicore-error-origin")).toBe(told.origin);
    for (const [header, value] of Object.entries(told.headers ?? {})) {
      expect(answer.headers.get(header), header).toBe(value);
    }
    expect(hits()).toBe(told.hits ?? 1);
  });
}

const FIRST_EVENTS: [event: JsonObject, status: number, type: string, message: string, hits?: number][] = [
  [
    { type: "error", error: { type: "overloaded_error", message: "busy" } },
    529,
    "overloaded_error",
    "busy",
    3,
  ],
  [
    { type: "error", error: { type: "invalid_request_error", message: "no" } },
    400,
    "invalid_request_error",
    "no",
  ],
  [
    { type: "error", message: "ThrottlingException: Too many tokens" },
    429,
    "rate_limit_error",
    "Too many tokens",
    3,
  ],
  [{ throttlingException: { message: "slow down" } }, 429, "rate_limit_error", "slow down", 3],
  [{ internalServerException: { message: "oh" } }, 500, "api_error", "oh", 2],
  [{ serviceUnavailableException: { message: "away" } }, 503, "overloaded_error", "away", 3],
  [{ modelStreamErrorException: { message: "oops" } }, 500, "api_error", "oops", 2],
  [{ modelTimeoutException: { message: "late" } }, 504, "timeout_error", "late", 3],
];

test.each(FIRST_EVENTS)(
  "F28 %j as the first event is a real status",
  async (firstEvent, status, type, message, calls = 1) => {
    stack.sandbox.faults.add({ firstEvent, times: 99 });
    const answer = await stack.post("/v1/messages", ask("Hello", { stream: true }));
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ type: "error", error: { type, message } });
    expect(answer.headers.get("x-aicore-error-origin")).toBe("upstream");
    expect(hits()).toBe(calls);
  },
);

test("F18 a token that was revoked is renewed, and the call made once more", async () => {
  stack.sandbox.revokeTokens();
  const answer = await stack.post("/v1/messages", ask("Hello"));
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-aicore-attempts")).toBe("2");
  expect(stack.sandbox.requests.map(({ kind }) => kind)).toEqual(["inference", "token", "inference"]);
});

test("F21 one 404 is looked into, and the call made once more", async () => {
  stack.sandbox.faults.add({ status: 404, body: "Deployment ID not found" });
  const answer = await stack.post("/v1/messages", ask("Hello", { stream: true }));
  expect(await answer.text()).toContain("message_stop");
  expect(hits()).toBe(2);
});

test("401, 404 and a refusal in a row: three calls, then the last word goes to the client", async () => {
  stack.sandbox.faults.add({ status: 404, body: "Deployment ID not found" });
  stack.sandbox.faults.add({ status: 401, body: "Jwt is expired" });
  stack.sandbox.faults.add({ status: 400, body: { message: "top_k: Extra inputs are not permitted" } });
  const answer = await stack.post("/v1/messages", ask("Hello", { top_k: 3 }));
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { message: "top_k: Extra inputs are not permitted" } });
  expect(hits()).toBe(3);
});

test.each([301, 302, 303, 307, 308])(
  "F39 a %i is not followed: the token goes nowhere else",
  async (status) => {
    let visits = 0;
    const elsewhere = createServer((_, response) => {
      visits += 1;
      response.end("{}");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo;
    stack.sandbox.faults.add({ status, redirect: `http://127.0.0.1:${port}/steal` });
    const answer = await stack.post("/v1/messages", ask("Hello"));
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({
      error: { type: "api_error", message: expect.stringContaining("redirects are not followed") },
    });
    expect(answer.headers.get("location")).toBeNull();
    expect([hits(), visits]).toEqual([1, 0]);
    elsewhere.close();
  },
);
