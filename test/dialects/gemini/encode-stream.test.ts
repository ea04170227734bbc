/** What a Gemini client sees: streams as golden files, whole answers, errors, and the way back of a thought. */
import { describe, expect, test } from "vitest";
import { geminiCodec } from "../../../src/dialects/gemini/codec.ts";
import { geminiErrorFrames } from "../../../src/dialects/gemini/errors.ts";
import { ApiError } from "../../../src/errors.ts";
import { isObject, type JsonObject } from "../../../src/hub/json.ts";
import type { Block, HubAnswer, HubEvent, HubRequest } from "../../../src/hub/messages.ts";
import { answerOf, decode, eventsOf } from "./hub.ts";

const REQUEST: HubRequest = { model: "gemini-3.5-flash", messages: [] };
const HIDDEN: HubRequest = { ...REQUEST, vendor: { gemini: { includeThoughts: false } } };
const use = (id: string, input: JsonObject): Block => ({ type: "tool_use", id, name: "look", input });
const thinking: Block = { type: "thinking", thinking: "I look.", signature: "EqoB" };
const sealed: Block = { type: "redacted_thinking", data: "c2VhbGVk" };
const text = (words: string): Block => ({ type: "text", text: words });

const sse = (events: HubEvent[], request = REQUEST) => {
  const encoder = geminiCodec.encodeStream(request);
  return events
    .flatMap((event) => encoder.write(event))
    .map(({ data }) => `data: ${data}\n\n`)
    .join("");
};
const chunksIn = (stream: string): JsonObject[] =>
  stream
    .split("\n\n")
    .filter(Boolean)
    .map((frame) => JSON.parse(frame.slice("data: ".length)));
const partsIn = (chunk: JsonObject) =>
  (chunk.candidates as { content: { parts: JsonObject[] } }[]).flatMap(({ content }) => content.parts);

const STREAMS: [name: string, content: Block[], more: Partial<HubAnswer>, request?: HubRequest][] = [
  ["text", [text("Hello ✓")], {}],
  [
    "thinking-and-call",
    [thinking, text("One moment."), use("toolu_1", { path: "a" })],
    { stop_reason: "tool_use" },
  ],
  [
    "parallel-calls",
    [thinking, use("toolu_1", { path: "a" }), use("toolu_2", {})],
    { stop_reason: "tool_use" },
  ],
  ["hidden-thinking", [thinking, text("Hello")], {}, HIDDEN],
  ["sealed-and-signed", [sealed, thinking, text("Hello")], {}],
  ["thinking-at-the-end", [text("Hello"), thinking], {}],
  ["max-tokens", [text("Hel")], { stop_reason: "max_tokens" }],
  ["refusal", [], { stop_reason: "refusal" }],
];

describe("golden streams", () => {
  test.each(STREAMS)("%s", async (name, content, more, request = REQUEST) => {
    const stream = sse(eventsOf(content, more), request);
    await expect(stream).toMatchFileSnapshot(`../../golden/gemini/${name}.sse.txt`);
  });

  test.each(STREAMS)(
    "%s: the finish and the usage stand on the last chunk alone, and all name the model",
    (_name, content, more) => {
      const chunks = chunksIn(sse(eventsOf(content, more)));
      const finished = chunks.filter((chunk) => JSON.stringify(chunk.candidates).includes("finishReason"));
      expect(finished).toEqual([chunks.at(-1)]);
      expect(chunks.filter(({ usageMetadata }) => isObject(usageMetadata))).toEqual(finished);
      for (const chunk of chunks)
        expect(chunk).toMatchObject({ modelVersion: REQUEST.model, responseId: "msg_1" });
    },
  );

  test.each(STREAMS)("%s: cut anywhere it has no finish", (_name, content, more) => {
    const events = eventsOf(content, more);
    for (let end = 0; end < events.length; end++)
      expect(sse(events.slice(0, end))).not.toContain("finishReason");
  });

  test.each(STREAMS)("%s: however the deltas are cut, the parts say the same", (_name, content, more) => {
    const whole = eventsOf(content, more);
    const cut = whole.flatMap((event): HubEvent[] => {
      if (event.type !== "content_block_delta" || event.delta.type !== "input_json_delta") return [event];
      return [...event.delta.partial_json].map((partial_json) => ({
        ...event,
        delta: { type: "input_json_delta", partial_json },
      }));
    });
    expect(sse(cut)).toBe(sse(whole));
  });
});

test("usage is inclusive of the caches, and thoughts stand beside the candidates", () => {
  expect(chunksIn(sse(eventsOf([text("a")]))).at(-1)?.usageMetadata).toEqual({
    promptTokenCount: 125,
    candidatesTokenCount: 18,
    totalTokenCount: 155,
    cachedContentTokenCount: 100,
    thoughtsTokenCount: 12,
  });
});

describe("a whole answer", () => {
  test("is the stream in one", () => {
    const answer = answerOf([thinking, text("Hello"), use("toolu_1", { path: "a" })], {
      stop_reason: "tool_use",
    });
    expect(geminiCodec.encodeAnswer(answer, REQUEST)).toMatchObject({
      candidates: [
        {
          content: {
            role: "model",
            parts: [
              { text: "I look.", thought: true },
              { text: "Hello", thoughtSignature: expect.any(String) },
              { functionCall: { id: "toolu_1", name: "look", args: { path: "a" } } },
            ],
          },
          finishReason: "STOP",
          index: 0,
        },
      ],
      usageMetadata: { totalTokenCount: 155 },
      modelVersion: "gpt-5",
      responseId: "msg_1",
    });
  });

  test("with nothing in it has a part all the same", () => {
    const answer = geminiCodec.encodeAnswer(answerOf([], { stop_reason: "refusal" }), REQUEST);
    expect(answer.candidates).toEqual([
      { content: { role: "model", parts: [{ text: "" }] }, finishReason: "SAFETY", index: 0 },
    ]);
  });
});

test.each<[string, Block[]]>([
  ["a thought and a call", [thinking, use("toolu_1", { path: "a" })]],
  ["a sealed thought and a signed one", [sealed, thinking, text("Hello")]],
  ["a thought at the end", [text("Hello"), thinking]],
])("%s come back as they went, also without their thought parts", (_name, content) => {
  const parts = chunksIn(sse(eventsOf(content))).flatMap(partsIn);
  for (const kept of [parts, parts.filter(({ thought }) => thought !== true)]) {
    const contents = [
      { role: "user", parts: [{ text: "go" }] },
      { role: "model", parts: kept },
    ];
    expect(decode({ contents }).messages[1]?.content).toEqual(content);
  }
});

test.each([
  [
    new ApiError(529, "Too busy.", { type: "overloaded_error" }),
    { code: 503, message: "Too busy.", status: "UNAVAILABLE" },
  ],
  [
    new ApiError(500, "Broken.", { origin: "upstream" }),
    { code: 500, message: "Broken.", status: "INTERNAL" },
  ],
])("an error frame for %s", (error, expected) => {
  const [frame, ...others] = geminiErrorFrames(error);
  expect(others).toEqual([]);
  expect(JSON.parse(frame?.data ?? "")).toEqual({ error: expected });
});
