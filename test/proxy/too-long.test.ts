import { expect, onTestFinished, test } from "vitest";
import { startStack } from "../support/stack.ts";

test("a prompt that does not fit is told in the words that make Claude Code compact", async () => {
  const stack = await startStack();
  onTestFinished(() => stack.close());
  stack.sandbox.faults.add({ status: 400, body: { message: "Input is too long for requested model." } });
  const messages = [{ role: "user", content: "hi" }];
  const response = await stack.post("/v1/messages", { model: "claude-haiku-4-5", max_tokens: 10, messages });
  expect(response.status).toBe(400);
  expect(response.headers.get("x-aicore-error-origin")).toBe("upstream");
  expect(await response.json()).toMatchObject({
    error: {
      message: expect.stringMatching(
        /^prompt is too long: 200001 tokens > 200000 maximum \(Input is too long/,
      ),
    },
  });
});
