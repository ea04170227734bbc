import { describe, expect, test } from "vitest";
import { capabilitiesOf } from "../../src/catalog/capabilities.ts";
import { anthropicCodec } from "../../src/dialects/anthropic/codec.ts";
import type { JsonObject } from "../../src/hub/json.ts";
import { markSignature } from "../../src/hub/signature.ts";

const MODEL = "anthropic--claude-4.6-sonnet";

/** The request as it goes to Claude, and what was noted. */
function encode(body: JsonObject): { body: JsonObject; notes: string[] } {
  const notes: string[] = [];
  const note = (text: string) => notes.push(text);
  const target = { model: MODEL, capabilities: capabilitiesOf(MODEL), note };
  return { body: anthropicCodec.encodeRequest(anthropicCodec.decodeRequest(body, note), target), notes };
}

const ASK = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "hi" }] };
const said = (...content: JsonObject[]) => ({
  ...ASK,
  messages: [{ role: "assistant", content }, ...ASK.messages],
});

describe("a request for Claude", () => {
  test.each<[name: string, body: JsonObject, expected: JsonObject]>([
    [
      "without max_tokens gets the model's own",
      { model: "m", messages: ASK.messages },
      { max_tokens: 64_000 },
    ],
    ["keeps its max_tokens", ASK, { max_tokens: 10 }],
    ["is never warmer than 1", { ...ASK, temperature: 1.7 }, { temperature: 1 }],
    ["keeps a lower temperature", { ...ASK, temperature: 0.2 }, { temperature: 0.2 }],
    [
      "loses the billing block of Claude Code",
      {
        ...ASK,
        system: [
          { type: "text", text: "x-anthropic-billing-header: a" },
          { type: "text", text: "b" },
        ],
      },
      { system: [{ type: "text", text: "b" }] },
    ],
    [
      "loses thinking that another maker signed",
      said(
        { type: "thinking", thinking: "t", signature: markSignature("gemini", "s") },
        { type: "text", text: "a" },
      ),
      said({ type: "text", text: "a" }),
    ],
    [
      "keeps thinking that Claude signed",
      said({ type: "thinking", thinking: "t", signature: "EqoB" }),
      said({ type: "thinking", thinking: "t", signature: "EqoB" }),
    ],
    ["loses a turn that held nothing else", said({ type: "thinking", thinking: "t" }), ASK],
    [
      "loses how the client declared a tool",
      { ...ASK, tools: [{ name: "t", input_schema: { type: "object" }, origin: { custom: true } }] },
      { tools: [{ name: "t", input_schema: { type: "object" } }] },
    ],
  ])("%s", (_name, body, expected) => {
    expect(encode(body).body).toMatchObject(expected);
  });

  test("tells what Claude does not know", () => {
    const { body, notes } = encode({ ...ASK, vendor: { openai: { seed: 1 } } });
    expect(body).not.toHaveProperty("vendor");
    expect(notes).toEqual(["seed is left out: Claude does not know it"]);
  });
});

test("a stream goes through the hub and back unchanged, with full usage", () => {
  const events: JsonObject[] = [
    {
      type: "message_start",
      message: { id: "i", model: "m", usage: { input_tokens: 3, cache_read_input_tokens: 2 } },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "a" } },
    { type: "content_block_stop", index: 0 },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 5 },
    },
    { type: "message_stop" },
  ];
  const decoder = anthropicCodec.decodeStream();
  const encoder = anthropicCodec.encodeStream({ model: "m", messages: [] });
  const frames = [...events.flatMap((event) => decoder.read(event)), ...decoder.end()].flatMap((e) =>
    encoder.write(e),
  );
  expect(frames.map(({ event }) => event)).toEqual(events.map(({ type }) => type));
  const counts = { input_tokens: 3, cache_read_input_tokens: 2, cache_creation_input_tokens: 0 };
  expect(JSON.parse(frames[0]?.data ?? "")).toMatchObject({
    message: { content: [], usage: { ...counts, output_tokens: 0 } },
  });
  expect(JSON.parse(frames[4]?.data ?? "")).toEqual({ ...events[4], usage: { ...counts, output_tokens: 5 } });
});
