/** Faults of the token service, and deployments that vanish (security F14–F17, F21). */
import { beforeEach, expect, onTestFinished, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Fault } from "../../src/sandbox/index.ts";
import { checkStream } from "../support/grammar.ts";
import { ask } from "../support/questions.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
beforeEach(async () => {
  stack = await startStack({ sandbox: { provisioning: 0 } });
  const mine = stack;
  onTestFinished(() => mine.close());
});

const count = (kind: string) => stack.sandbox.requests.filter((request) => request.kind === kind).length;
const TOKEN: Pick<Fault, "path" | "times"> = { path: "/oauth/token", times: 99 };

test("F14 refused credentials: 401 that says what to do, and no second question for a while", async () => {
  const body = { error: "invalid_client", error_description: "Bad credentials" };
  stack.sandbox.faults.add({ ...TOKEN, status: 401, body });
  for (const _ of [1, 2, 3]) {
    const answer = await stack.post("/v1/messages", ask("Hello"));
    expect(answer.status).toBe(401);
    expect(answer.headers.get("x-aicore-error-origin")).toBe("token");
    expect(answer.headers.get("x-should-retry")).toBe("false");
    const { error } = (await answer.json()) as { error: JsonObject };
    expect(error.type).toBe("authentication_error");
    expect(error.message).toMatch(/Bad credentials.*aicore login/);
  }
  expect([count("token"), count("inference")]).toEqual([1, 0]);
});

test("F15 a throttled token service: told to wait, asked again only then", async () => {
  stack.sandbox.faults.add({ ...TOKEN, status: 429, headers: { "retry-after": "7" } });
  for (const _ of [1, 2]) {
    const answer = await stack.post("/v1/messages", ask("Hello"));
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("7");
    expect(await answer.json()).toMatchObject({ error: { type: "overloaded_error" } });
  }
  expect(count("token")).toBe(1);
});

test.each<[string, Fault]>([
  ["HTML", { ...TOKEN, status: 200, body: "<html><body>Login</body></html>" }],
  ["no token in it", { ...TOKEN, status: 200, body: { token_type: "bearer" } }],
])("F16 a 200 of the token service with %s is a 502, and nothing is sent on", async (_what, fault) => {
  stack.sandbox.faults.add(fault);
  const answer = await stack.post("/v1/messages", ask("Hello"));
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({ error: { type: "api_error" } });
  expect(count("inference")).toBe(0);
});

test("F17 a hundred requests at once on a cold start share one token and one discovery", async () => {
  const asked = Array.from({ length: 100 }, () => stack.post("/v1/messages", ask("Hello")));
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
  await Promise.all(answers.map((answer) => answer.text()));
  expect([count("token"), count("inference")]).toEqual([1, 100]);
  const lists = stack.sandbox.requests.filter(({ kind }) => kind === "management").map(({ path }) => path);
  expect(lists).toEqual([...new Set(lists)]);
});

test("a hundred requests whose token was revoked share one renewal", async () => {
  await stack.post("/v1/messages", ask("Hello"));
  stack.sandbox.revokeTokens();
  const asked = Array.from({ length: 100 }, () => stack.post("/v1/messages", ask("Hello")));
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
  expect(count("token")).toBe(2);
});

/** As an administrator would: stopped, then deleted. */
async function remove(id: string): Promise<void> {
  await stack.client.manage("PATCH", `/lm/deployments/${id}`, { body: { targetStatus: "STOPPED" } });
  await stack.client.manage("DELETE", `/lm/deployments/${id}`);
}

test("F21 a deployment that went is replaced by the other one of its model", async () => {
  const first = await stack.post("/v1/messages", ask("Hello", { model: "claude-sonnet-4-6" }));
  const gone = first.headers.get("x-aicore-deployment") ?? "";
  await remove(gone);
  const second = await stack.post("/v1/messages", ask("Hello", { model: "claude-sonnet-4-6" }));
  expect(second.status).toBe(200);
  expect(second.headers.get("x-aicore-model")).toBe("anthropic--claude-4.6-sonnet");
  expect(second.headers.get("x-aicore-deployment")).not.toBe(gone);
  expect(second.headers.get("x-aicore-attempts")).toBe("2");
});

test("F21 the last deployment of a version went: the family's next one gets the request in its own form", async () => {
  const thinking = { type: "adaptive" };
  const question = ask("Say: hi", { model: "claude-opus-4-8", thinking, stream: true });
  const first = await stack.post("/v1/messages", question);
  await first.text();
  expect(first.headers.get("x-aicore-model")).toBe("anthropic--claude-4.8-opus");
  await remove(first.headers.get("x-aicore-deployment") ?? "");
  const second = await stack.post("/v1/messages", question);
  expect(second.headers.get("x-aicore-model")).toBe("anthropic--claude-4.6-opus");
  expect(checkStream(await second.text()).message.model).toBe("claude-opus-4-8");
  expect(stack.sandbox.refused).toEqual([]);
});

test("F21 the last deployment of a family went: 404 that lists what is there", async () => {
  const first = await stack.post("/v1/messages", ask("Hello", { model: "claude-haiku-4-5" }));
  await remove(first.headers.get("x-aicore-deployment") ?? "");
  const second = await stack.post("/v1/messages", ask("Hello", { model: "claude-haiku-4-5" }));
  expect(second.status).toBe(404);
  const { error } = (await second.json()) as { error: JsonObject };
  expect(error.type).toBe("not_found_error");
  expect(error.message).toContain("anthropic--claude-4.6-sonnet");
});
