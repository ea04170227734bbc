/** Whole answers, both ways, and how tokens are counted. */
import { describe, expect, test } from "vitest";
import { chatErrorFrames } from "../../../src/dialects/openai/errors.ts";
import { chatCodec } from "../../../src/dialects/openai-chat/index.ts";
import { ApiError } from "../../../src/errors.ts";
import type { JsonObject } from "../../../src/hub/json.ts";
import {
  type Block,
  type HubAnswer,
  type HubUsage,
  noUsage,
  type StopReason,
} from "../../../src/hub/messages.ts";
import { frozen, hub } from "./frozen.ts";

const codec = chatCodec(() => 1_795_224_660_999);

const args = (text: string) => [{ id: "a", type: "function", function: { name: "f", arguments: text } }];
const body = (message: JsonObject, finish_reason = "stop"): JsonObject =>
  frozen({ id: "chatcmpl-1", model: "gpt-4o", choices: [{ index: 0, message, finish_reason }], usage: {} });
const use = (input: JsonObject, name = "f"): Block => ({ type: "tool_use", id: "a", name, input });

describe("decode", () => {
  test.each<[message: JsonObject, finish: string, content: Block[], stop: StopReason]>([
    [{ content: "Hi" }, "stop", [{ type: "text", text: "Hi" }], "end_turn"],
    [{ content: "Hi", tool_calls: null }, "length", [{ type: "text", text: "Hi" }], "max_tokens"],
    [{ content: null, refusal: "No." }, "stop", [{ type: "text", text: "No." }], "end_turn"],
    [{ content: "" }, "content_filter", [], "refusal"],
    [{ content: null, tool_calls: args('{"n":1}') }, "tool_calls", [use({ n: 1 })], "tool_use"],
    [{ content: null, tool_calls: args("") }, "stop", [use({})], "tool_use"],
    [{ content: null, tool_calls: args("{") }, "", [use({ input: "{" })], "tool_use"],
    [
      { content: "Yes", reasoning_content: "Hm" },
      "stop",
      [
        { type: "thinking", thinking: "Hm" },
        { type: "text", text: "Yes" },
      ],
      "end_turn",
    ],
    [
      { content: "Yes", reasoning_content: [{ content: "Hm", signature: "s" }] },
      "stop",
      [
        { type: "thinking", thinking: "Hm", signature: "aicore.chat.s" },
        { type: "text", text: "Yes" },
      ],
      "end_turn",
    ],
  ])("%j, %s", (message, finish, content, stop_reason) => {
    expect(codec.decodeAnswer(body(message, finish))).toEqual({
      id: "chatcmpl-1",
      model: "gpt-4o",
      content,
      stop_reason,
      usage: noUsage(),
    });
  });

  test("an answer without id gets one", () => {
    const { id } = codec.decodeAnswer({ ...body({ content: "Hi" }), id: "" });
    expect(id).toMatch(/^chatcmpl-[0-9a-f]{32}$/);
  });

  test.each<[body: JsonObject, status: number]>([
    [{}, 502],
    [{ choices: [] }, 502],
    [{ choices: [{ index: 0 }] }, 502],
    [{ error: { code: "429", message: "slow down" } }, 429],
  ])("%j is no answer", (body, status) => {
    const refusal = expect.objectContaining({ status, origin: "upstream" });
    expect(() => codec.decodeAnswer(frozen(body))).toThrow(refusal);
  });
});

describe("encode", () => {
  const answer = (content: Block[], stop_reason: StopReason = "end_turn"): HubAnswer =>
    frozen({ id: "msg_1", model: "asked-for", content, stop_reason, usage: noUsage() });
  const said = { role: "assistant", content: "Hi", refusal: null };
  const silent = { role: "assistant", content: null, refusal: null };
  const tools = [{ name: "patch", input_schema: {}, origin: { custom: true } }] as const;

  test("the whole of it", () => {
    expect(codec.encodeAnswer(answer([{ type: "text", text: "Hi" }]), hub({}))).toEqual({
      id: "msg_1",
      object: "chat.completion",
      created: 1_795_224_660,
      model: "asked-for",
      choices: [{ index: 0, message: said, logprobs: null, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 0,
        completion_tokens: 0,
        total_tokens: 0,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    });
  });

  test.each<[content: Block[], message: JsonObject]>([
    [[], { ...said, content: "" }],
    [[use({ n: 1 })], { ...silent, tool_calls: args('{"n":1}') }],
    [[{ type: "text", text: "Hi" }, use({})], { ...said, tool_calls: args("{}") }],
    [
      [use({ input: "*** Begin" }, "patch")],
      { ...silent, tool_calls: [{ id: "a", type: "custom", custom: { name: "patch", input: "*** Begin" } }] },
    ],
    [
      [
        { type: "thinking", thinking: "Hm", signature: "s" },
        { type: "text", text: "Hi" },
      ],
      { ...said, reasoning_content: "Hm" },
    ],
    [
      [
        { type: "redacted_thinking", data: "x" },
        { type: "text", text: "Hi" },
      ],
      said,
    ],
  ])("%j", (content, message) => {
    const encoded = codec.encodeAnswer(answer(content), hub({ tools: [...tools] }));
    expect(encoded.choices).toEqual([expect.objectContaining({ message })]);
  });

  test.each<[stop: StopReason, finish: string]>([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["pause_turn", "stop"],
    ["max_tokens", "length"],
    ["tool_use", "tool_calls"],
    ["refusal", "content_filter"],
  ])("%s is %s", (stop, finish) => {
    const encoded = codec.encodeAnswer(answer([], stop), hub({}));
    expect(encoded.choices).toEqual([expect.objectContaining({ finish_reason: finish })]);
  });

  test("a client of the form before tools gets its own form", () => {
    const request = hub({ vendor: { chat: { functions: true } } });
    const encoded = codec.encodeAnswer(answer([use({ n: 1 })], "tool_use"), request);
    const message = { ...silent, function_call: { name: "f", arguments: '{"n":1}' } };
    expect(encoded.choices).toEqual([expect.objectContaining({ message, finish_reason: "function_call" })]);
  });
});

describe("usage", () => {
  const counts = (input: number, read: number, written: number, output: number): HubUsage => ({
    input_tokens: input,
    cache_read_input_tokens: read,
    cache_creation_input_tokens: written,
    output_tokens: output,
  });
  const prompt = (cached_tokens: number, cache_creation_tokens?: number): JsonObject => ({
    prompt_tokens_details: { cached_tokens, ...(cache_creation_tokens && { cache_creation_tokens }) },
  });

  test.each<[chat: JsonObject, hub: HubUsage]>([
    [{ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, ...prompt(0) }, counts(10, 0, 0, 5)],
    [{ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, ...prompt(8) }, counts(2, 8, 0, 5)],
    [{ prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, ...prompt(6, 3) }, counts(1, 6, 3, 5)],
    [
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        ...prompt(0),
        completion_tokens_details: { reasoning_tokens: 4 },
      },
      { ...counts(10, 0, 0, 5), reasoning_tokens: 4 },
    ],
  ])("%j, both ways", (usage, expected) => {
    const decoded = codec.decodeAnswer({ ...body({ content: "Hi" }), usage });
    expect(decoded.usage).toEqual(expected);
    expect(codec.encodeAnswer(decoded, hub({})).usage).toEqual(usage);
  });

  test("more cached tokens than the prompt has", () => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, ...prompt(20) };
    expect(codec.decodeAnswer({ ...body({ content: "Hi" }), usage }).usage).toEqual(counts(0, 20, 0, 5));
  });
});

test("an error in a stream is one frame, without [DONE]", () => {
  const error = new ApiError(429, "slow down", { origin: "upstream" });
  expect(chatErrorFrames(error)).toEqual([
    {
      data: '{"error":{"message":"slow down","type":"requests","param":null,"code":"rate_limit_exceeded"}}',
    },
  ]);
});
