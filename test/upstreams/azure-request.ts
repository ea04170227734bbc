/** Requests for the tests of the OpenAI hosts: prepared as the proxy prepares them, judged by the sandbox. */
import { expect } from "vitest";
import type { Json, JsonObject } from "../../src/hub/json.ts";
import type { Answer } from "../../src/sandbox/answer.ts";
import { azure } from "../../src/sandbox/azure/family.ts";
import { PromptCache } from "../../src/sandbox/claude/prompt-cache.ts";
import type { InferenceCall } from "../../src/sandbox/inference.ts";
import { compatibleFamilies } from "../../src/sandbox/openai-compatible/family.ts";
import { Memory } from "../../src/sandbox/openai-compatible/memory.ts";
import { azureChat, azureResponses } from "../../src/upstreams/azure-openai/index.ts";
import { openaiCompatible } from "../../src/upstreams/openai-compatible/index.ts";
import type { Upstream } from "../../src/upstreams/types.ts";
import { callFor, frozen, type TestCall } from "./request.ts";

export { azureChat, azureResponses };
export const hostOf = (executable: string): Upstream =>
  openaiCompatible.find(({ name }) => name === executable) ?? azureChat;

/** Frozen, prepared, prepared again without a change, and accepted by the sandbox. */
export function accepted(
  upstream: Upstream,
  body: JsonObject,
  model: string,
  options: Partial<TestCall> = {},
): { body: JsonObject; notes: string[]; answer: Answer } {
  const call = callFor(model, { stream: body.stream === true, ...options });
  const prepared = upstream.prepare(frozen(body), call);
  const again = upstream.prepare(frozen(prepared), { ...call, note: () => {} });
  expect(again).toEqual(prepared);
  expect(again, "the same object").toBe(prepared);
  return { body: prepared, notes: call.notes, answer: judged(upstream, prepared, model) };
}

/** The sandbox's answer; throws its Refusal. */
function judged(upstream: Upstream, body: JsonObject, model: string, deployment = "d1"): Answer {
  const path = upstream.path(callFor(model));
  const executable = upstream.name.startsWith("azure") ? "azure-openai" : upstream.name;
  const family = [azure, ...compatibleFamilies].find((one) => one.executable === executable);
  const handler = family?.paths[path] ?? family?.find?.("POST", path);
  if (handler === undefined) throw new Error(`the sandbox has no ${path}`);
  return handler(inferenceCall(body, model, deployment));
}

function inferenceCall(body: Json, model: string, deployment = "d1"): InferenceCall {
  return {
    ...{ deployment, model, body, accept: "" },
    ...{ promptCache: new PromptCache(), memory: new Memory() },
    temper: { unknownBetas: [], callsTools: true },
  };
}

export const HELLO: JsonObject[] = [{ role: "user", content: "Hello." }];
export const chatTool = (name: string): JsonObject => ({
  type: "function",
  function: { name, parameters: { type: "object", properties: { path: { type: "string" } } } },
});
export const chatCall = (id: string, name = "read"): JsonObject => ({
  id,
  type: "function",
  function: { name, arguments: "{}" },
});
