/** What a Responses client sees of a stream: one file a case, to be read. `-u` rewrites them. */
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { responsesErrorFrames } from "../../../src/dialects/openai-responses/errors.ts";
import { responsesCodec } from "../../../src/dialects/openai-responses/index.ts";
import { ApiError } from "../../../src/errors.ts";
import { explode } from "../../../src/hub/collect.ts";
import type { Block, HubAnswer, HubEvent, HubRequest, StopReason } from "../../../src/hub/messages.ts";
import type { Frame } from "../../../src/hub/wire.ts";
import { frozen, hub } from "../openai-chat/frozen.ts";
import { checkStream } from "./grammar.ts";

const text: Block = { type: "text", text: "The marker is 42." };
const more: Block = { type: "text", text: "It is in a.txt." };
const thinking: Block = { type: "thinking", thinking: "They want it read.", signature: "c2ln" };
const use = (id: string, name: string, input: { [key: string]: string }): Block => ({
  type: "tool_use",
  id,
  name,
  input,
});
const tools: Partial<HubRequest> = {
  tools: [
    { name: "read", description: "Reads.", input_schema: { type: "object", properties: {} } },
    { name: "patch", input_schema: {}, origin: { custom: true } },
    { name: "mcp__demo__add", input_schema: {}, origin: { namespace: "mcp__demo", name: "add" } },
  ],
  tool_choice: { type: "auto", disable_parallel_tool_use: true },
};
const calls = [use("call_a", "read", { path: "a.txt" }), use("call_b", "now", {})];

const CASES: [name: string, content: Block[], stop: StopReason, request: Partial<HubRequest>][] = [
  ["text", [text], "end_turn", {}],
  ["two-parts", [text, { type: "text", text: "" }, more], "end_turn", {}],
  ["max-tokens", [text], "max_tokens", {}],
  ["refusal", [], "refusal", {}],
  [
    "thinking",
    [thinking, text],
    "end_turn",
    { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
  ],
  ["redacted-thinking", [{ type: "redacted_thinking", data: "ZGF0YQ==" }, text], "end_turn", {}],
  ["parallel-tools", [text, ...calls, more], "tool_use", {}],
  ["thinking-and-tool", [thinking, use("call_a", "read", { path: "a.txt" })], "tool_use", tools],
  ["custom-tool", [use("call_a", "patch", { input: "*** Begin\n+1" })], "tool_use", tools],
  ["namespace", [use("call_a", "mcp__demo__add", { a: "1" })], "tool_use", tools],
];

function answer(content: Block[], stop_reason: StopReason): HubAnswer {
  const usage = {
    input_tokens: 20,
    cache_read_input_tokens: 70,
    cache_creation_input_tokens: 10,
    output_tokens: 30,
    reasoning_tokens: 12,
  };
  return { id: "msg_1", model: "claude", content, stop_reason, usage };
}

function codec() {
  let readings = 0;
  return responsesCodec(() => 1_795_224_660_000 + 1000 * readings++);
}

function encode(events: HubEvent[], request: Partial<HubRequest>): Frame[] {
  const encoder = codec().encodeStream(hub({ stream: true, ...request }));
  return frozen(events).flatMap((event) => encoder.write(event));
}

/** Arguments and texts in two pieces, as models write them. */
function inPieces(event: HubEvent): HubEvent[] {
  if (event.type !== "content_block_delta") return [event];
  const { delta } = event;
  const cut = (whole: string) => [whole.slice(0, 6), whole.slice(6)];
  switch (delta.type) {
    case "text_delta":
      return cut(delta.text).map((text) => ({ ...event, delta: { ...delta, text } }));
    case "thinking_delta":
      return cut(delta.thinking).map((thinking) => ({ ...event, delta: { ...delta, thinking } }));
    case "input_json_delta":
      return cut(delta.partial_json).map((partial_json) => ({ ...event, delta: { ...delta, partial_json } }));
    default:
      return [event];
  }
}

const bytes = (frames: readonly Frame[]) =>
  frames.map(({ event, data }) => `event: ${event}\ndata: ${data}\n\n`).join("");

describe.each(CASES)("%s", (name, content, stop, request) => {
  const frames = encode(explode(answer(content, stop)).flatMap(inPieces), request);

  test("as its file says", async () => {
    await expect(bytes(frames)).toMatchFileSnapshot(`../../golden/openai-responses/${name}.sse.txt`);
  });

  test("keeps the grammar, and ends as the whole answer would", () => {
    const whole = codec().encodeAnswer(frozen(answer(content, stop)), hub({ stream: true, ...request }));
    expect(checkStream(frames)).toEqual(whole);
  });

  test("the OpenAI SDK reads the same", async () => {
    const final = await stream(frames).finalResponse();
    const told = JSON.parse(frames.at(-1)?.data ?? "{}").response;
    expect(final.output).toMatchObject(
      told.output.map(({ type, id }: { type: string; id: string }) => ({ type, id })),
    );
    expect(final).toMatchObject({ id: "resp_1", model: "claude", status: told.status, usage: told.usage });
  });
});

/** The SDK on these frames, as if they had come over a socket. */
function stream(frames: readonly Frame[]) {
  const client = new OpenAI({
    apiKey: "k",
    maxRetries: 0,
    fetch: async () => new Response(bytes(frames), { headers: { "content-type": "text/event-stream" } }),
  });
  return client.responses.stream({ model: "claude", input: "Hi" });
}

test("a call without any argument deltas has the input that it began with", () => {
  const block = use("a", "now", {});
  const frames = encode(
    [
      ...explode(answer([], "tool_use")).slice(0, 1),
      { type: "content_block_start", index: 0, content_block: block },
      { type: "content_block_stop", index: 0 },
      ...explode(answer([], "tool_use")).slice(1),
    ],
    {},
  );
  expect(checkStream(frames).output).toMatchObject([{ arguments: "{}" }]);
});

describe("broken", () => {
  const cut = explode(answer([text, ...calls], "tool_use")).filter(
    ({ type }) => !/^message_(delta|stop)$/.test(type),
  );

  test("has no end", () => {
    const types = encode(cut, {}).map(({ event }) => event);
    expect(types).toContain("response.output_item.done");
    for (const type of types) expect(type).not.toMatch(/^response\.(completed|incomplete|failed)$/);
  });

  test("raises in the OpenAI SDK", async () => {
    const frames = [...encode(cut, {}), ...responsesErrorFrames(new ApiError(502, "Gone."), "req_1")];
    await expect(stream(frames).finalResponse()).rejects.toThrow("Gone.");
  });
});
