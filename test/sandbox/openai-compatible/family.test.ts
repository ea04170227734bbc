/** Mistral, Llama and Perplexity in the sandbox (protocol 4d). */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../../src/hub/json.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { Client } from "../client.ts";

const MISTRAL = "mistralai--mistral-medium";
const LLAMA = "meta--llama3.1-70b-instruct";
const hello: JsonObject = { role: "user", content: "Hello." };
const system: JsonObject = { role: "system", content: "Be kind." };
const tool: JsonObject = { type: "function", function: { name: "bash", parameters: { type: "object" } } };
const calling = (id: string): JsonObject => ({
  role: "assistant",
  tool_calls: [{ id, type: "function", function: { name: "bash", arguments: "{}" } }],
});
const result = (id: string): JsonObject => ({ role: "tool", tool_call_id: id, content: "NONCE_5e" });

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox({
    deployments: [MISTRAL, LLAMA, "sonar-pro"].map((model, index) => ({ id: `d${index}`, model })),
  });
  client = await Client.of(sandbox);
});
afterAll(() => sandbox.close());

const chat = async (model: string, body: JsonObject, path = "/chat/completions") => {
  const id = await client.deploymentOf(model);
  return client.call(`/inference/deployments/${id}${path}`, {
    method: "POST",
    body: { model, messages: [hello], ...body },
  });
};

test.each<[string, string, JsonObject, string]>([
  ["another model", "sonar-pro", { model: "sonar-pro--deployed" }, "supported model: sonar-pro."],
  ["tools", "sonar-pro", { tools: [tool] }, "Unknown parameter: 'tools'."],
  ["a format", "sonar-pro", { response_format: { type: "text" } }, "Unknown parameter: 'response_format'."],
  ["two users", "sonar-pro", { messages: [hello, hello] }, "should alternate"],
  ["a long id", MISTRAL, { messages: [hello, calling("call_1"), result("call_1")] }, "with a length of 9"],
  [
    "system after a tool",
    MISTRAL,
    { messages: [hello, calling("abcdefgh1"), result("abcdefgh1"), system] },
    "Unexpected role 'system'",
  ],
  [
    "an assistant last",
    MISTRAL,
    { messages: [hello, { role: "assistant", content: "Hi" }] },
    "Expected last role",
  ],
  [
    "a developer",
    MISTRAL,
    { messages: [{ ...system, role: "developer" }, hello] },
    "Invalid value: 'developer'",
  ],
  ["OpenAI's own", MISTRAL, { max_completion_tokens: 5 }, "Unknown parameter: 'max_completion_tokens'."],
  ["too many tokens", LLAMA, { max_tokens: 10_000 }, "max_tokens is too large"],
])("%s is refused", async (_name, model, body, message) => {
  const { status, json } = await chat(model, body);
  expect(json).toMatchObject({ error: { message: expect.stringContaining(message) } });
  expect(status).toBe(400);
});

test("a model is required", async () => {
  const id = await client.deploymentOf(MISTRAL);
  const path = `/inference/deployments/${id}/chat/completions`;
  const { json } = await client.call(path, { method: "POST", body: { messages: [hello] } });
  expect(json).toMatchObject({ error: { message: "Missing required parameter: 'model'." } });
});

test("an api-version is no part of the path", async () => {
  expect((await chat("sonar-pro", {}, "/chat/completions?api-version=2024-06-01")).text).toBe(
    "Subpath not allowed",
  );
});

test("Mistral calls with nine letters, and answers the result", async () => {
  const messages = [{ role: "user", content: "Run the command `echo hello`." }];
  const { text } = await chat(MISTRAL, { messages, tools: [tool], stream: true });
  const id = /"id":"([A-Za-z0-9]{9})"/.exec(text)?.[1] ?? "";
  expect(text).toContain("data: [DONE]");
  const second = await chat(MISTRAL, { messages: [...messages, calling(id), result(id)], tools: [tool] });
  expect(second.text).toContain("NONCE_5e");
});
