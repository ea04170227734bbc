/** Bad input, row by row of security.md 5 (B1–B30): told clearly, and never sent up. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEY, type Stack, startStack } from "../support/stack.ts";
import { BOTH, GOOD, MESSAGES, type Row, said } from "./bad-input-rows.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

const inferences = () => stack.sandbox.requests.filter(({ kind }) => kind === "inference").length;
async function check(path: string, { body, headers, status = 400, type, message }: Row): Promise<void> {
  const before = inferences();
  const answer = await stack.post(path, body, headers);
  const text = await answer.text();
  const json = JSON.parse(text);
  const requestId = answer.headers.get("x-request-id");
  expect(answer.status, text).toBe(status);
  expect(json).toEqual({
    type: "error",
    error: {
      type: type ?? "invalid_request_error",
      message: typeof message === "string" ? message : expect.stringMatching(message),
    },
    request_id: requestId,
  });
  expect(requestId).toMatch(/^req_[0-9a-f]{24}$/);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/json",
    "x-aicore-error-origin": "aicore",
    "x-should-retry": "false",
  });
  expect(text).not.toMatch(/secret-canary|\.ts:|\bat \w+ \(|node:internal/);
  expect(inferences()).toBe(before);
}

describe.each(["/v1/messages", "/anthropic/v1/messages/count_tokens?beta=true"])("%s", (path) => {
  test.each(BOTH)("$row", (row) => check(path, row));

  test("B18 a thread is refused so that the SDK sends the whole conversation", async () => {
    for (const thread of [{ type: "create" }, { type: "continue", previous_message_id: "msg_1" }, "x"]) {
      const answer = await stack.post(path, { ...GOOD, thread });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({
        error: {
          type: "invalid_request_error",
          message: expect.stringMatching(/^thread: /),
          details: { error_code: "thread_unsupported_request", unsupported: ["gateway"] },
        },
      });
    }
    expect((await stack.post(path, { ...GOOD, thread: null })).status).toBe(200);
  });
});

describe("/v1/messages only", () => {
  test.each(MESSAGES)("$row", (row) => check("/v1/messages", row));

  test("B11 in every dialect's list there is the same way to ask", async () => {
    const answer = await stack.get("/v1/models/gpt-9");
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: {
        type: "invalid_request_error",
        code: "model_not_found",
        message: expect.stringContaining("gpt-9"),
      },
    });
  });

  test("B16 a tool result without its tool call is no failure of ours", async () => {
    const orphan = said({ type: "tool_result", tool_use_id: "toolu_none", content: "x" });
    expect([200, 400]).toContain((await stack.post("/v1/messages", orphan)).status);
  });

  test("B19 a missing key is told apart from a wrong one", async () => {
    const message = async (key: string | undefined) => {
      const answer = await stack.post("/v1/messages", GOOD, { "x-api-key": key });
      return [answer.status, ((await answer.json()) as { error: { type: string; message: string } }).error];
    };
    const type = "authentication_error";
    expect(await message(undefined)).toEqual([
      401,
      { type, message: expect.stringMatching(/^Missing API key/) },
    ]);
    expect(await message("x")).toEqual([401, { type, message: expect.stringMatching(/^Invalid API key\./) }]);
    const openai = await stack.post("/v1/chat/completions", {}, { "x-api-key": "x" });
    expect(await openai.json()).toMatchObject({ error: { code: "invalid_api_key" } });
  });

  test("B23 an inference key is no admin's", async () => {
    const answer = await stack.get("/admin/keys", { "x-api-key": KEY });
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({
        error: {
          type: "permission_error",
          message: "The admin API needs an admin key.",
          hint: expect.stringContaining("aicore keys create --admin"),
        },
      }),
    ]);
  });
});

test("nothing of it was a warning", () => {
  expect(stack.logged.filter((line) => / (warn|error) /.test(line))).toEqual([]);
});
