/** Gemini's chunks and whole answers in the hub's words. */
import { describe, expect, test } from "vitest";
import { geminiCodec } from "../../../src/dialects/gemini/codec.ts";
import { ApiError } from "../../../src/errors.ts";
import { Collector } from "../../../src/hub/collect.ts";
import type { JsonObject } from "../../../src/hub/json.ts";
import type { HubEvent } from "../../../src/hub/messages.ts";
import { frozen } from "../../upstreams/request.ts";

const HEAD = { modelVersion: "gemini-2.5-pro", responseId: "r1" };
const chunk = (parts: JsonObject[], more: JsonObject = {}, rest: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { role: "model", parts }, ...more }],
  ...HEAD,
  ...rest,
});
const STOP = { finishReason: "STOP" };
const thought = (text: string, more = {}) => ({ text, thought: true, ...more });
const call = (name = "look", more = {}) => ({ functionCall: { name, args: { a: 1 } }, ...more });
const signed = { thoughtSignature: "QUJD" };
const OWN = "aicore.gemini.QUJD";

function read(...chunks: JsonObject[]): HubEvent[] {
  const decoder = geminiCodec.decodeStream();
  return [...chunks.flatMap((one) => decoder.read(frozen(one))), ...decoder.end()];
}

function collect(...chunks: JsonObject[]) {
  const collector = new Collector();
  for (const event of read(...chunks)) collector.add(event);
  return { ...collector.answer, complete: collector.complete };
}

test("a stream as Vertex sends it", () => {
  const usage = {
    promptTokenCount: 37,
    cachedContentTokenCount: 30,
    candidatesTokenCount: 9,
    thoughtsTokenCount: 21,
  };
  const events = read(
    { usageMetadata: { trafficType: "ON_DEMAND" }, ...HEAD },
    chunk([thought("Plan ")]),
    chunk([thought("it.")]),
    chunk([call("default_api:look", signed)]),
    chunk([{ text: "" }], STOP, { usageMetadata: { promptTokenCount: 37, totalTokenCount: 37 } }),
    { usageMetadata: { ...usage, totalTokenCount: 67 }, ...HEAD },
  );
  const none = {
    input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    output_tokens: 0,
  };
  const id = expect.stringMatching(/^[A-Za-z0-9]{9}$/);
  expect(events).toEqual([
    { type: "message_start", message: { id: "r1", model: "gemini-2.5-pro", usage: none } },
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Plan " } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "it." } },
    { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: OWN } },
    { type: "content_block_stop", index: 0 },
    {
      type: "content_block_start",
      index: 1,
      content_block: { type: "tool_use", id, name: "look", input: {} },
    },
    { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: '{"a":1}' } },
    { type: "content_block_stop", index: 1 },
    {
      type: "message_delta",
      delta: { stop_reason: "tool_use" },
      usage: {
        input_tokens: 7,
        cache_read_input_tokens: 30,
        cache_creation_input_tokens: 0,
        output_tokens: 30,
        reasoning_tokens: 21,
      },
    },
    { type: "message_stop" },
  ]);
});

describe("blocks", () => {
  const own = { type: "thinking", thinking: "", signature: OWN };
  const use = { type: "tool_use", name: "look", input: { a: 1 } };
  test.each<[string, JsonObject[], object[]]>([
    ["text", [chunk([{ text: "Hel" }]), chunk([{ text: "lo" }])], [{ type: "text", text: "Hello" }]],
    ["a call signed without a thought", [chunk([call("look", signed)])], [own, use]],
    ["parallel calls in one chunk", [chunk([call("look", signed), call("look")])], [own, use, use]],
    [
      "text, signed at its end: nothing may stand behind the answer",
      [chunk([{ text: "a" }]), chunk([{ text: "", ...signed }])],
      [{ type: "text", text: "a" }],
    ],
    [
      "a signed part in the midst of text",
      [chunk([{ text: "a" }]), chunk([{ text: "b", ...signed }])],
      [{ type: "text", text: "ab" }],
    ],
    ["a signed text", [chunk([{ text: "a", ...signed }])], [own, { type: "text", text: "a" }]],
    [
      "a call behind text",
      [chunk([{ text: "a" }]), chunk([call("look", signed)])],
      [{ type: "text", text: "a" }, own, use],
    ],
    [
      "a thought after text",
      [chunk([{ text: "a" }, thought("Hm."), { text: "b" }])],
      [
        { type: "text", text: "a" },
        { type: "thinking", thinking: "Hm." },
        { type: "text", text: "b" },
      ],
    ],
    [
      "two thoughts, each signed",
      [chunk([thought("1", signed), thought("2", signed)])],
      [
        { ...own, thinking: "1" },
        { ...own, thinking: "2" },
      ],
    ],
    [
      "what has no place in the hub is left out",
      [chunk([{ executableCode: { code: "1" } }, { text: "a" }])],
      [{ type: "text", text: "a" }],
    ],
  ])("%s", (_name, chunks, blocks) => {
    const { content } = collect(...chunks, chunk([], STOP));
    expect(content).toMatchObject(blocks);
    expect(content).toHaveLength(blocks.length);
  });

  test("ids of calls differ within an answer and between answers", () => {
    const ids = (responseId: string) =>
      collect({ ...chunk([call(), call()]), responseId }).content.map((block) =>
        "id" in block ? block.id : "",
      );
    expect(new Set([...ids("r1"), ...ids("r2")]).size).toBe(4);
    expect(ids("r1")).toEqual(ids("r1"));
  });

  test("an id that is given stays", () => {
    expect(collect(chunk([{ functionCall: { name: "a", id: "fc_1" } }])).content).toMatchObject([
      { id: "fc_1", input: {} },
    ]);
  });
});

describe("the end", () => {
  test.each<[string, JsonObject[], string]>([
    ["STOP", [{ text: "a" }], "end_turn"],
    ["STOP", [call()], "tool_use"],
    ["MAX_TOKENS", [call()], "max_tokens"],
    ["MAX_TOKENS", [], "max_tokens"],
    ["SAFETY", [], "refusal"],
    ["RECITATION", [{ text: "a" }], "refusal"],
    ["PROHIBITED_CONTENT", [], "refusal"],
    ["MALFORMED_FUNCTION_CALL", [{ text: "a" }], "end_turn"],
    ["UNEXPECTED_TOOL_CALL", [call()], "tool_use"],
    ["NEWS", [{ text: "a" }], "end_turn"],
  ])("%s after %o is %s", (finishReason, parts, stop_reason) => {
    expect(collect(chunk(parts, { finishReason }))).toMatchObject({ stop_reason, complete: true });
  });

  test("a prompt that was blocked is a refusal", () => {
    const blocked = {
      promptFeedback: { blockReason: "SAFETY" },
      usageMetadata: { promptTokenCount: 5 },
      ...HEAD,
    };
    expect(collect(blocked)).toMatchObject({
      content: [],
      stop_reason: "refusal",
      usage: { input_tokens: 5 },
      complete: true,
    });
  });

  test("nothing but a call that cannot be read is an error", () => {
    const failed = chunk([], { finishReason: "MALFORMED_FUNCTION_CALL", finishMessage: "Malformed: look(" });
    expect(() => read(failed)).toThrow("The model ended with MALFORMED_FUNCTION_CALL: Malformed: look(");
    expect(() => geminiCodec.decodeAnswer(failed)).toThrow(ApiError);
  });

  test("without a finish there is no end, wherever it breaks", () => {
    const chunks = [chunk([thought("Hm.")]), chunk([{ text: "a" }]), chunk([call()])];
    for (let count = 0; count <= chunks.length; count++) {
      const types = read(...chunks.slice(0, count)).map(({ type }) => type);
      expect(types).not.toContain("message_delta");
      expect(types).not.toContain("message_stop");
    }
  });
});

test.each<[string, unknown, number, string]>([
  [
    "alone",
    { error: { code: 429, message: "Resource exhausted", status: "RESOURCE_EXHAUSTED" } },
    429,
    "Resource exhausted",
  ],
  ["in a list", [{ error: { code: 503, message: "Try later" } }], 503, "Try later"],
  ["without a code", { error: { message: "Oh" } }, 500, "Oh"],
  ["without a word", { error: {} }, 500, "The model's host reported an error."],
])("an error %s", (_name, body, status, message) => {
  const error = (() => {
    try {
      return read(body as JsonObject);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status, message, origin: "upstream" });
});

test("a whole answer", () => {
  const answer = geminiCodec.decodeAnswer(
    frozen(
      chunk([thought("Hm."), { text: "Hello", ...signed }], STOP, {
        usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 4, totalTokenCount: 12 },
      }),
    ),
  );
  expect(answer).toEqual({
    id: "r1",
    model: "gemini-2.5-pro",
    content: [
      { type: "thinking", thinking: "Hm.", signature: OWN },
      { type: "text", text: "Hello" },
    ],
    stop_reason: "end_turn",
    usage: { input_tokens: 8, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 4 },
  });
});
