import { expect, test } from "vitest";
import { Collector, explode } from "../../src/hub/collect.ts";
import type { Block, HubAnswer } from "../../src/hub/messages.ts";

const BLOCKS: [name: string, content: Block[]][] = [
  ["nothing", []],
  ["text", [{ type: "text", text: "Größe ✓" }]],
  [
    "thinking",
    [
      { type: "thinking", thinking: "hm", signature: "s" },
      { type: "text", text: "a" },
    ],
  ],
  ["redacted thinking", [{ type: "redacted_thinking", data: "x" }]],
  ["a call", [{ type: "tool_use", id: "1", name: "f", input: { a: [1, { b: "c" }] } }]],
  ["a call without input", [{ type: "tool_use", id: "1", name: "f", input: {} }]],
  ["two calls", [1, 2].map((id) => ({ type: "tool_use", id: `${id}`, name: "f", input: { id } }))],
];

test.each(BLOCKS)("an answer with %s survives its stream", (_name, content) => {
  const usage = {
    input_tokens: 1,
    cache_read_input_tokens: 2,
    cache_creation_input_tokens: 3,
    output_tokens: 4,
  };
  const answer: HubAnswer = {
    id: "i",
    model: "m",
    content,
    stop_reason: "tool_use",
    stop_sequence: null,
    usage,
  };
  const collector = new Collector();
  for (const event of explode(answer)) collector.add(event);
  expect(collector.complete).toBe(true);
  expect(collector.answer).toEqual(answer);
});
