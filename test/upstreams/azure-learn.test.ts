/** Refusals in the words of Azure, and the keys that keep the next request from them. */
import { expect, test } from "vitest";
import { azureChat, azureResponses, HELLO } from "./azure-request.ts";
import { callFor } from "./request.ts";

test.each([
  ["Unknown parameter: 'beta'.", "field:beta"],
  ["Unknown parameter: 'messages[3].reasoning_content'.", "field:messages.*.reasoning_content"],
  ["Unknown parameter: 'tools[0].function.strict'.", "field:tools.*.function.strict"],
  ["Unsupported parameter: 'top_p' is not supported with this model.", "field:top_p"],
  [
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "rename:max_completion_tokens",
  ],
  [
    "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
    "field:temperature",
  ],
  [
    "Function tools with reasoning_effort are not supported for gpt-5.7 in /v1/chat/completions.",
    "field:reasoning_effort",
  ],
  ["Unrecognized request argument supplied: stream_options", "field:stream_options"],
  ["Invalid 'input[2].id': 'x_1'. Expected an ID that begins with 'fc'.", "field:input.*.id"],
  ["Encrypted content is not supported with this model.", "field:include"],
  ["body.seed: Extra inputs are not permitted", "field:seed"],
  ["Unknown parameter: 'messages'.", undefined],
  ["Unsupported value: 'messages[0].role' does not support 'developer' with this model.", undefined],
  [
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    undefined,
  ],
  ["The following tool is not allowed for model 'gpt-5.5': custom.", undefined],
])("%s → %s", (message, key) => {
  expect(azureChat.learn(400, message, callFor("gpt-5"))).toBe(key);
  expect(azureResponses.learn(429, message, callFor("gpt-5"))).toBeUndefined();
});

test("a key that did not help is not given again", () => {
  const call = callFor("gpt-5", { learned: new Set(["field:beta"]) });
  expect(azureChat.learn(400, "Unknown parameter: 'beta'.", call)).toBeUndefined();
});

test("what was learned is told when it changes a request", () => {
  const call = callFor("gpt-4.1", { learned: new Set(["field:seed"]), stream: false });
  azureChat.prepare({ messages: HELLO }, call);
  azureChat.prepare({ messages: HELLO, seed: 1 }, call);
  expect(call.notes).toEqual(["seed is left out: this deployment refused it"]);
});
