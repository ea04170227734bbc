/** Converse's answers as Messages' (protocol.md 4a.8 and 7.3 #45–#54). */
import { describe, expect, test } from "vitest";
import { anthropicClient } from "../../src/dialects/anthropic/client.ts";
import type { JsonObject } from "../../src/hub/json.ts";
import { NativeStream } from "../../src/proxy/native-stream.ts";
import { binaryFrame, pythonFrame, sseFrame } from "../../src/sandbox/frames.ts";
import { Scanner } from "../../src/stream/scanner.ts";
import { bedrockConverse } from "../../src/upstreams/bedrock-converse/index.ts";
import { checkStream } from "../support/grammar.ts";

const START = { messageStart: { role: "assistant" } };
const delta = (contentBlockIndex: number, one: JsonObject) => ({
  contentBlockDelta: { delta: one, contentBlockIndex },
});
const words = (index: number, text: string) => delta(index, { text });
const stop = (contentBlockIndex: number) => ({ contentBlockStop: { contentBlockIndex } });
const calls = (contentBlockIndex: number, toolUseId: string) => ({
  contentBlockStart: { start: { toolUse: { toolUseId, name: "weather" } }, contentBlockIndex },
});
const end = (stopReason: string) => ({ messageStop: { stopReason, additionalModelResponseFields: null } });
const USAGE = {
  inputTokens: 12,
  outputTokens: 34,
  totalTokens: 2_094,
  cacheReadInputTokens: 2_048,
  cacheWriteInputTokens: 7,
};
const META = { metadata: { usage: USAGE, metrics: { latencyMs: 1_890 }, trace: null } };

const STREAMS: Record<string, JsonObject[]> = {
  "text-and-call": [
    START,
    words(0, 'It\'s "so"\n'),
    words(0, "– größer ✓ 🎉"),
    stop(0),
    calls(1, "tooluse_1"),
    delta(1, { toolUse: { input: '{"city": "Wall' } }),
    delta(1, { toolUse: { input: 'dorf", "note": null}' } }),
    stop(1),
    end("tool_use"),
    META,
  ],
  "two-calls-one-without-input": [
    START,
    calls(0, "tooluse_1"),
    stop(0),
    calls(1, "tooluse_2"),
    delta(1, { toolUse: { input: '{"city":"Ulm"}' } }),
    stop(1),
    end("tool_use"),
    META,
  ],
  "no-words": [START, words(0, ""), stop(0), end("end_turn"), META],
  filtered: [START, words(0, "I"), stop(0), end("guardrail_intervened"), META],
};

/** What an Anthropic client sees of these bytes; the message's id, which is random, replaced. */
function relayed(pieces: readonly Buffer[], request: JsonObject = {}) {
  const stream = new NativeStream({
    facts: anthropicClient.native,
    upstream: bedrockConverse,
    translation: bedrockConverse.translation(request),
    model: "my-nova",
    onStored: () => {},
  });
  const scanner = new Scanner(stream);
  const parts = pieces.map((piece) => scanner.push(piece));
  const text = Buffer.concat([...parts, scanner.end()]).toString();
  return { text: text.replace(/msg_[0-9a-f]{32}/, "msg_1"), stream, failure: scanner.failure };
}

describe.each(Object.entries(STREAMS))("%s", (name, events) => {
  test("is told as the golden stream", async () => {
    const { text } = relayed([Buffer.concat(events.map((event) => binaryFrame(event)))]);
    await expect(text).toMatchFileSnapshot(`../golden/bedrock-converse/${name}.sse`);
    expect(checkStream(text).message).toMatchObject({
      model: "my-nova",
      usage: {
        input_tokens: 12,
        cache_read_input_tokens: 2_048,
        cache_creation_input_tokens: 7,
        output_tokens: 34,
      },
    });
  });

  test.each([
    ["in AWS's framing", binaryFrame],
    ["in Python", (event: JsonObject) => pythonFrame(event)],
    [
      "in Python, with CRLF and comments",
      (event: JsonObject) => pythonFrame(event, ["crlf", "comments", "named"]),
    ],
    ["in JSON", (event: JsonObject) => sseFrame(event)],
  ])("reads the same %s, cut at every byte", (_framing, frame) => {
    const bytes = Buffer.concat(events.map((event) => frame(event)));
    const { text: expected } = relayed([Buffer.concat(events.map((event) => binaryFrame(event)))]);
    expect(relayed([bytes]).text).toBe(expected);
    expect(relayed([...bytes].map((byte) => Buffer.from([byte]))).text).toBe(expected);
    for (let cut = 1; cut < bytes.length; cut++)
      expect(relayed([bytes.subarray(0, cut), bytes.subarray(cut)]).text).toBe(expected);
  });
});

const bytesOf = (events: JsonObject[]) => events.map((event) => pythonFrame(event));

describe("the end", () => {
  test("waits for the usage behind it", () => {
    const scanned = relayed([]);
    const scanner = new Scanner(scanned.stream);
    const before = scanner.push(Buffer.concat(bytesOf([START, words(0, "A"), stop(0), end("end_turn")])));
    expect(before.toString()).not.toContain("message_delta");
    expect(scanned.stream.complete).toBe(false);
    expect(scanner.push(pythonFrame(META)).toString()).toContain('"input_tokens":12');
    expect(scanned.stream.complete).toBe(true);
  });

  test("comes without the usage when the upstream has no more to say", () => {
    const { text, stream } = relayed(bytesOf([START, words(0, "A"), stop(0), end("end_turn")]));
    expect(stream.complete).toBe(true);
    expect(checkStream(text).message).toMatchObject({ stop_reason: "end_turn", usage: { output_tokens: 0 } });
  });

  test("never comes to a stream that was cut off", () => {
    const { text, stream } = relayed(bytesOf([START, words(0, "A"), META]));
    expect(stream.complete).toBe(false);
    expect(text).not.toContain("message_stop");
  });

  test("closes a block that was not closed", () => {
    const { text } = relayed(bytesOf([START, words(0, "A"), end("max_tokens"), META]));
    expect(checkStream(text).message).toMatchObject({ stop_reason: "max_tokens" });
  });

  test.each([
    ["end_turn", "end_turn"],
    ["tool_use", "tool_use"],
    ["max_tokens", "max_tokens"],
    ["stop_sequence", "stop_sequence"],
    ["guardrail_intervened", "refusal"],
    ["content_filtered", "refusal"],
    ["model_context_window_exceeded", "max_tokens"],
    ["malformed_model_output", "end_turn"],
  ])("%s is told as %s", (reason, told) => {
    const { text } = relayed(bytesOf([START, words(0, "A"), stop(0), end(reason), META]));
    expect(checkStream(text).message.stop_reason).toBe(told);
  });
});

test("an index inside the delta, events of no known kind and a missing start do no harm", () => {
  const inside = { contentBlockDelta: { delta: { text: "A", contentBlockIndex: 3 } } };
  const { text } = relayed(
    bytesOf([
      { news: { of: 2027 } },
      delta(2, { reasoningContent: { text: "Hm" } }),
      inside,
      words(3, "B"),
      stop(3),
      end("end_turn"),
      META,
    ]),
  );
  expect(checkStream(text).message.content).toEqual([{ type: "text", text: "AB" }]);
});

test.each<[event: JsonObject, failure: JsonObject]>([
  [{ throttlingException: { message: "Too many tokens" } }, { status: 429, message: "Too many tokens" }],
  [
    { modelStreamErrorException: { message: "Cut", originalStatusCode: 424 } },
    { status: 500, message: "Cut" },
  ],
  [{ internalServerException: {} }, { status: 500 }],
  [{ serviceUnavailableException: { message: "Later" } }, { status: 503, message: "Later" }],
  [{ validationException: { message: "Bad" } }, { status: 400, message: "Bad" }],
])("%j amid the stream is a failure", (event, expected) => {
  for (const frame of [binaryFrame, pythonFrame, sseFrame]) {
    const { text, failure } = relayed([START, words(0, "A"), event].map((one) => frame(one)));
    expect(failure).toMatchObject({ ...expected, origin: "upstream" });
    expect(text).toContain('"A"');
    expect(text).not.toContain("message_stop");
  }
});

describe("a whole answer", () => {
  const answer = (content: JsonObject[], stopReason = "end_turn") => ({
    output: { message: { role: "assistant", content } },
    stopReason,
    usage: USAGE,
    metrics: { latencyMs: 900 },
  });

  test("is told as a message", () => {
    const content = [
      { text: "A" },
      { text: "" },
      { toolUse: { toolUseId: "tooluse_1", name: "f", input: { a: 1 } } },
      { toolUse: { toolUseId: "tooluse_2", name: "f" } },
    ];
    expect(bedrockConverse.cleanAnswer(answer(content, "tool_use"))).toEqual({
      id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
      type: "message",
      role: "assistant",
      model: "",
      content: [
        { type: "text", text: "A" },
        { type: "tool_use", id: "tooluse_1", name: "f", input: { a: 1 } },
        { type: "tool_use", id: "tooluse_2", name: "f", input: {} },
      ],
      stop_reason: "tool_use",
      stop_sequence: null,
      usage: {
        input_tokens: 12,
        cache_read_input_tokens: 2_048,
        cache_creation_input_tokens: 7,
        output_tokens: 34,
      },
    });
  });

  test("that is none stays what it is", () => {
    const strange = { Output: {}, Version: "1.0" };
    expect(bedrockConverse.cleanAnswer(strange)).toBe(strange);
  });

  test("of structured output is its text", () => {
    const format = { type: "json_schema", schema: { type: "object", properties: {} } };
    const translation = bedrockConverse.translation({ output_config: { format } });
    const call = { toolUse: { toolUseId: "tooluse_1", name: "answer_in_json", input: { a: 1 } } };
    const message = bedrockConverse.cleanAnswer(answer([call], "tool_use"));
    expect(translation?.message(message)).toMatchObject({
      content: [{ type: "text", text: '{"a":1}' }],
      stop_reason: "end_turn",
    });
  });
});
