/** Chat requests as the orchestration service gets them, judged by the sandbox. */
import { expect } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import type { Answer } from "../../src/sandbox/answer.ts";
import { PromptCache } from "../../src/sandbox/claude/prompt-cache.ts";
import { Memory } from "../../src/sandbox/openai-compatible/memory.ts";
import { orchestration as sandbox } from "../../src/sandbox/orchestration/family.ts";
import { orchestration } from "../../src/upstreams/orchestration/index.ts";
import { callFor, frozen, type TestCall } from "./request.ts";

export { orchestration };
export const CLAUDE = "anthropic--claude-4.5-sonnet";
export const ADAPTIVE = "anthropic--claude-4.8-opus";
export const GPT = "gpt-4o";
export const GPT_5 = "gpt-5.5";
export const GEMINI = "gemini-2.5-pro";
export const MISTRAL = "mistralai--mistral-medium";
export const SONAR = "sonar-pro";

/** What the sandbox answers to a body; refusals too. */
export function judged(body: JsonObject): Answer {
  return (
    sandbox.paths["/v2/completion"]?.({
      ...{ deployment: "d1", model: "", body, accept: "" },
      ...{ promptCache: new PromptCache(), memory: new Memory() },
      temper: { unknownBetas: [], callsTools: true },
    }) ?? { status: 404, headers: {}, body: "" }
  );
}

export interface Prepared {
  body: JsonObject;
  template: JsonObject[];
  history: JsonObject[];
  /** Members of the prompt beside the template. */
  prompt: JsonObject;
  params: JsonObject;
  values: JsonObject;
  notes: string[];
}

/** A chat request, frozen, prepared and accepted. */
export function prepared(body: JsonObject, model = GPT, options: Partial<TestCall> = {}): Prepared {
  const call = callFor(model, { stream: body.stream === true, ...options });
  const wrapped = orchestration.prepare(frozen({ model, messages: HELLO, ...body }), call);
  expect(judged(wrapped).status).toBe(200);
  const { config, messages_history, placeholder_values } = wrapped as {
    config: { modules: { prompt_templating: { prompt: JsonObject; model: { params: JsonObject } } } };
    messages_history: JsonObject[];
    placeholder_values: JsonObject;
  };
  const { prompt, model: named } = config.modules.prompt_templating;
  const { template, ...rest } = prompt;
  return {
    body: wrapped,
    template: template as JsonObject[],
    history: messages_history,
    prompt: rest,
    params: named.params,
    values: placeholder_values,
    notes: call.notes,
  };
}

export const HELLO: JsonObject[] = [{ role: "user", content: "Hello." }];
export const said = (role: string, content: string): JsonObject => ({ role, content });
export const call = (id: string, args = "{}"): JsonObject => ({
  id,
  type: "function",
  function: { name: "read", arguments: args },
});
export const called = (...ids: string[]): JsonObject => ({
  role: "assistant",
  content: null,
  tool_calls: ids.map((id) => call(id)),
});
export const result = (id: string, content: JsonObject[string] = "done"): JsonObject => ({
  role: "tool",
  tool_call_id: id,
  content,
});
export const TOOL: JsonObject = {
  type: "function",
  function: { name: "read", parameters: { type: "object", properties: {} } },
};
