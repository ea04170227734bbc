import { expect, test } from "vitest";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import type { JsonObject } from "../../../src/hub/json.ts";
import { frozen } from "../openai-chat/frozen.ts";

const decode = (body: JsonObject) => openaiResponses.decodeAnswer(frozen(body));
const response = (members: JsonObject): JsonObject => ({
  id: "resp_1",
  object: "response",
  status: "completed",
  model: "gpt-5-dz-std",
  error: null,
  output: [],
  usage: null,
  ...members,
});

test("reasoning, a message of two parts, and calls", () => {
  const answer = decode(
    response({
      output: [
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAA" },
        {
          type: "message",
          content: [
            { type: "output_text", text: "A", annotations: [] },
            { type: "refusal", refusal: "B" },
          ],
        },
        { type: "web_search_call", id: "ws_1" },
        { type: "function_call", call_id: "a", name: "f", arguments: '{"x":1}' },
        { type: "custom_tool_call", call_id: "b", name: "g", input: "y" },
      ],
      usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
    }),
  );
  expect(answer).toEqual({
    id: "resp_1",
    model: "gpt-5-dz-std",
    content: [
      { type: "thinking", thinking: "", signature: "aicore.responses.rs_1:gAAA" },
      { type: "text", text: "A" },
      { type: "text", text: "B" },
      { type: "tool_use", id: "a", name: "f", input: { x: 1 } },
      { type: "tool_use", id: "b", name: "g", input: { input: "y" } },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 10, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 5 },
  });
});

test.each<[members: JsonObject, stop_reason: string]>([
  [{}, "end_turn"],
  [{ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }, "max_tokens"],
  [{ status: "incomplete", incomplete_details: { reason: "content_filter" } }, "refusal"],
])("%j ends with %s", (members, stop_reason) => {
  expect(decode(response(members))).toMatchObject({ stop_reason, content: [] });
});

test.each<[body: JsonObject, status: number, message: string]>([
  [response({ status: "failed", error: { code: "server_is_overloaded", message: "Busy." } }), 503, "Busy."],
  [response({ status: "failed" }), 502, "no response"],
  [{ choices: [] }, 502, "no response"],
  [{ error: { code: "429", message: "Slow." } }, 429, "Slow."],
])("%j is a failure", (body, status, message) => {
  expect(() => decode(body)).toThrow(
    expect.objectContaining({ status, message: expect.stringContaining(message) }),
  );
});
