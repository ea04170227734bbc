/** `--log-content`, and that nothing is written of what was said without it (security T25). */
import { expect, onTestFinished, test } from "vitest";
import type { Content } from "../../src/proxy/content-tap.ts";
import { startStack } from "../support/stack.ts";

const CANARY = "canary-7f3a";

async function said(stream: boolean): Promise<{ contents: Content[]; logged: string }> {
  const contents: Content[] = [];
  const stack = await startStack({ proxy: { onContent: (content) => contents.push(content) } });
  onTestFinished(() => stack.close());
  const answer = await stack.post("/v1/messages", {
    model: "claude-sonnet-4-5",
    max_tokens: 100,
    stream,
    messages: [{ role: "user", content: `Say: ${CANARY} back` }],
  });
  await answer.text();
  await expect.poll(() => contents.length).toBe(1);
  return { contents, logged: stack.logged.join("\n") };
}

test.each([false, true])("both sides of a request, stream: %s", async (stream) => {
  const { contents, logged } = await said(stream);
  const [{ asked = "", answered = "", ...rest } = {}] = contents;
  expect(JSON.parse(asked)).toMatchObject({ messages: [{ content: `Say: ${CANARY} back` }] });
  expect(answered).toContain("7f3a");
  expect(rest).toEqual({
    request: expect.stringMatching(/^req_/),
    at: expect.any(Number),
    path: "/v1/messages",
    status: 200,
  });
  expect(logged).toMatch(/ info {2}completed model=\S+ status=200 .* request=req_/);
  expect(logged).not.toContain("canary");
});
