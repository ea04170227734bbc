/** The validator of streams can fail: each of these breaks one rule. */
import { expect, test } from "vitest";
import { responsesCodec } from "../../../src/dialects/openai-responses/index.ts";
import { explode } from "../../../src/hub/collect.ts";
import type { JsonObject } from "../../../src/hub/json.ts";
import type { Block } from "../../../src/hub/messages.ts";
import type { Frame } from "../../../src/hub/wire.ts";
import { hub } from "../openai-chat/frozen.ts";
import { checkStream } from "./grammar.ts";

const content: Block[] = [
  { type: "thinking", thinking: "Hm", signature: "c2ln" },
  { type: "text", text: "A" },
  { type: "tool_use", id: "a", name: "f", input: { x: 1 } },
];
const usage = {
  input_tokens: 1,
  cache_read_input_tokens: 0,
  cache_creation_input_tokens: 0,
  output_tokens: 1,
};
const encoder = responsesCodec(() => 0).encodeStream(hub({}));
const good = explode({ id: "msg_1", model: "m", content, stop_reason: "tool_use", usage })
  .flatMap((event) => encoder.write(event))
  .map(({ data }): JsonObject => JSON.parse(data));

/** Numbered anew, so that only the rule in question is broken. */
function frames(events: JsonObject[]): Frame[] {
  return events.map((event, sequence_number) => ({
    event: String(event.type),
    data: JSON.stringify({ ...event, sequence_number }),
  }));
}
const without = (type: string) => good.filter((event) => event.type !== type);
const changed = (type: string, members: JsonObject) =>
  good.map((event) => (event.type === type ? { ...event, ...members } : event));

test("a good stream", () => {
  expect(checkStream(frames(good)).status).toBe("completed");
});

test.each(good.map(({ type }) => String(type)))("without %s", (type) => {
  expect(() => checkStream(frames(without(type)))).toThrow();
});

test.each<[what: string, events: JsonObject[]]>([
  ["a delta that the end does not know", changed("response.output_text.delta", { delta: "B" })],
  [
    "arguments that the end does not know",
    changed("response.function_call_arguments.done", { arguments: "{}" }),
  ],
  ["another place", changed("response.output_item.done", { output_index: 7 })],
  ["another item", changed("response.output_text.delta", { item_id: "msg_9" })],
  ["nothing but a beginning", good.slice(0, 2)],
])("%s", (_what, events) => {
  expect(() => checkStream(frames(events))).toThrow();
});

test("numbers that do not rise", () => {
  const [first, ...rest] = frames(good);
  expect(() => checkStream(first ? [first, first, ...rest.slice(1)] : [])).toThrow();
});
