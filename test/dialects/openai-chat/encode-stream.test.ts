/** What a chat client sees of a stream: one file a case, to be read. `-u` rewrites them. */
import { expect, test } from "vitest";
import { chatCodec } from "../../../src/dialects/openai-chat/index.ts";
import { explode } from "../../../src/hub/collect.ts";
import type { Block, HubAnswer, HubEvent, HubRequest, StopReason } from "../../../src/hub/messages.ts";
import { frozen, hub } from "./frozen.ts";

const text: Block = { type: "text", text: "The marker is 42." };
const thinking: Block = { type: "thinking", thinking: "They want it read.", signature: "c2ln" };
const use = (id: string, name: string, input: { [key: string]: string }): Block => ({
  type: "tool_use",
  id,
  name,
  input,
});
const withUsage: Partial<HubRequest> = { vendor: { chat: { include_usage: true } } };
const custom: Partial<HubRequest> = {
  tools: [{ name: "patch", input_schema: {}, origin: { custom: true } }],
};
const legacy: Partial<HubRequest> = { vendor: { chat: { functions: true } } };
const calls = [use("call_a", "read", { path: "a.txt" }), use("call_b", "now", {})];

function encode(content: Block[], stop_reason: StopReason, request: Partial<HubRequest>): string {
  let readings = 0;
  const codec = chatCodec(() => 1_795_224_660_000 + 1000 * readings++);
  const encoder = codec.encodeStream(hub({ stream: true, ...request }));
  const events = frozen(explode(answer(content, stop_reason)).flatMap(inPieces));
  const frames = events.flatMap((event) => encoder.write(event));
  return frames.map(({ data }) => `data: ${data}\n\n`).join("");
}

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

/** Arguments and texts in two pieces, as models write them. */
function inPieces(event: HubEvent): HubEvent[] {
  if (event.type !== "content_block_delta") return [event];
  const { delta } = event;
  const cut = (whole: string) => [whole.slice(0, 6), whole.slice(6)];
  switch (delta.type) {
    case "text_delta":
      return cut(delta.text).map((text) => ({ ...event, delta: { ...delta, text } }));
    case "input_json_delta":
      return cut(delta.partial_json).map((partial_json) => ({ ...event, delta: { ...delta, partial_json } }));
    default:
      return [event];
  }
}

test.each<[name: string, content: Block[], stop: StopReason, request: Partial<HubRequest>]>([
  ["text", [text], "end_turn", {}],
  ["text-with-usage", [text], "end_turn", withUsage],
  ["max-tokens", [text], "max_tokens", {}],
  ["refusal", [], "refusal", {}],
  ["thinking", [thinking, text], "end_turn", {}],
  ["parallel-tools", [text, ...calls], "tool_use", {}],
  ["thinking-and-tool", [thinking, use("call_a", "read", { path: "a.txt" })], "tool_use", withUsage],
  ["custom-tool", [use("call_a", "patch", { input: "*** Begin\n+1" })], "tool_use", custom],
  ["function-call", calls, "tool_use", legacy],
])("%s", async (name, content, stop, request) => {
  const golden = `../../golden/openai-chat/${name}.sse.txt`;
  await expect(encode(content, stop, request)).toMatchFileSnapshot(golden);
});

test("a call without any argument deltas has an empty object", () => {
  const encoder = chatCodec(() => 0).encodeStream(hub({ stream: true }));
  const frames = [
    ...encoder.write({ type: "content_block_start", index: 0, content_block: use("a", "now", {}) }),
    ...encoder.write({ type: "content_block_stop", index: 0 }),
  ];
  const pieces = frames.map(({ data }) => JSON.parse(data).choices[0].delta.tool_calls[0].function.arguments);
  expect(pieces).toEqual(["", "{}"]);
});

test("a stream that breaks has no end", () => {
  const encoder = chatCodec(() => 0).encodeStream(hub({ stream: true, ...withUsage }));
  const events = explode(answer([text, ...calls], "tool_use")).filter(
    ({ type }) => !type.startsWith("message_"),
  );
  const frames = events.flatMap((event) => encoder.write(event));
  expect(frames.length).toBeGreaterThan(0);
  for (const { data } of frames) expect(JSON.parse(data).choices[0].finish_reason).toBeNull();
});
