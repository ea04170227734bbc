/** What Azure streams (protocol 4b.4) as hub events. */
import { describe, expect, test } from "vitest";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import { ApiError } from "../../../src/errors.ts";
import { Collector } from "../../../src/hub/collect.ts";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import type { HubAnswer, HubEvent } from "../../../src/hub/messages.ts";
import { frozen } from "../openai-chat/frozen.ts";

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 70, cache_write_tokens: 10 },
  output_tokens: 30,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 130,
};
const COUNTED = {
  input_tokens: 20,
  cache_read_input_tokens: 70,
  cache_creation_input_tokens: 10,
  output_tokens: 30,
  reasoning_tokens: 12,
};

const response = (members: JsonObject = {}) => ({
  id: "resp_1",
  model: "gpt-5",
  output: [],
  usage: null,
  ...members,
});
const created = { type: "response.created", response: response() };
const end = (members: JsonObject = {}) => ({
  type: "response.completed",
  response: response({ status: "completed", usage: USAGE, ...members }),
});
const incomplete = (reason: string) => ({
  ...end({ status: "incomplete", incomplete_details: { reason } }),
  type: "response.incomplete",
});
const event = (type: string, output_index: number, members: { [key: string]: Json }): JsonObject => ({
  type: `response.${type}`,
  output_index,
  ...members,
});
const added = (index: number, item: JsonObject) => event("output_item.added", index, { item });
const done = (index: number, item: JsonObject) => event("output_item.done", index, { item });
const say = (index: number, delta: string, content_index = 0) =>
  event("output_text.delta", index, { content_index, delta, obfuscation: "x" });
const write = (index: number, delta: string) => event("function_call_arguments.delta", index, { delta });

const message = (...texts: string[]): JsonObject => ({
  type: "message",
  id: "msg_1",
  role: "assistant",
  content: texts.map((text) => ({ type: "output_text", text })),
});
const call = (id: string, written = ""): JsonObject => ({
  type: "function_call",
  id: `fc_${id}`,
  call_id: id,
  name: "read",
  arguments: written,
});
const custom = (input = ""): JsonObject => ({
  type: "custom_tool_call",
  id: "ctc_1",
  call_id: "c",
  name: "patch",
  input,
});
const thought = (members: JsonObject = {}): JsonObject => ({
  type: "reasoning",
  id: "rs_1",
  summary: [],
  ...members,
});
const sealed = thought({ encrypted_content: "gAAA" });

function decode(events: JsonObject[]): HubEvent[] {
  const decoder = openaiResponses.decodeStream();
  return [...frozen(events).flatMap((one) => decoder.read(one)), ...decoder.end()];
}

/** The answer that the events tell; throws where they break the grammar of a stream. */
function collect(events: JsonObject[]): HubAnswer & { complete: boolean } {
  const collector = new Collector();
  let open: number | undefined;
  let next = 0;
  for (const event of decode(events)) {
    if (event.type === "content_block_start") {
      expect([open, event.index]).toEqual([undefined, next++]);
      open = event.index;
    } else if ("index" in event) expect(event.index).toBe(open);
    else expect(open).toBeUndefined();
    if (event.type === "content_block_stop") open = undefined;
    collector.add(event);
  }
  return { ...collector.answer, complete: collector.complete };
}

const text = (text: string) => ({ type: "text", text });
const use = (id: string, input: JsonObject) => ({ type: "tool_use", id, name: "read", input });
const thinking = (thinking: string, signature?: string) => ({
  type: "thinking",
  thinking,
  ...(signature && { signature }),
});
const OWN = "aicore.responses.rs_1:gAAA";

test("a text, event by event", () => {
  const events = decode([
    created,
    { ...created, type: "response.in_progress" },
    added(0, message()),
    event("content_part.added", 0, { content_index: 0, part: { type: "output_text", text: "" } }),
    say(0, "Hi"),
    event("output_text.done", 0, { content_index: 0, text: "Hi" }),
    event("content_part.done", 0, { content_index: 0, part: { type: "output_text", text: "Hi" } }),
    done(0, message("Hi")),
    end({ output: [message("Hi")] }),
  ]);
  const nothing = {
    input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    output_tokens: 0,
  };
  expect(events).toEqual([
    { type: "message_start", message: { id: "resp_1", model: "gpt-5", usage: nothing } },
    { type: "content_block_start", index: 0, content_block: text("") },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: COUNTED },
    { type: "message_stop" },
  ]);
});

describe("content", () => {
  test.each<[what: string, events: JsonObject[], content: unknown[]]>([
    [
      "two parts",
      [added(0, message()), say(0, "A"), say(0, "B", 1), done(0, message("A", "B"))],
      [text("A"), text("B")],
    ],
    [
      "no deltas: only the part is done",
      [
        added(0, message()),
        event("content_part.done", 0, { content_index: 0, part: { type: "output_text", text: "A" } }),
        done(0, message("A")),
      ],
      [text("A")],
    ],
    [
      "no deltas: only items are done",
      [done(0, sealed), done(1, message("A")), done(2, call("a", '{"x":1}'))],
      [thinking("", OWN), text("A"), use("a", { x: 1 })],
    ],
    ["no events but the last", [end({ output: [message("A"), call("a", "{}")] })], [text("A"), use("a", {})]],
    [
      "a refusal",
      [
        added(0, message()),
        event("refusal.delta", 0, { content_index: 0, delta: "No." }),
        event("refusal.done", 0, { content_index: 0, refusal: "No." }),
      ],
      [text("No.")],
    ],
    ["an empty message", [added(0, message()), done(0, message(""))], []],
    ["a thought without content", [added(0, thought()), done(0, thought())], []],
    ["a thought that is sealed", [added(0, thought()), done(0, sealed)], [thinking("", OWN)]],
    [
      "a summary of two parts",
      [
        added(0, thought()),
        event("reasoning_summary_text.delta", 0, { summary_index: 0, delta: "A" }),
        event("reasoning_summary_text.done", 0, { summary_index: 0, text: "A" }),
        event("reasoning_summary_text.delta", 0, { summary_index: 1, delta: "B" }),
        done(0, {
          ...sealed,
          summary: [
            { type: "summary_text", text: "A" },
            { type: "summary_text", text: "B" },
          ],
        }),
      ],
      [thinking("A\n\nB", OWN)],
    ],
    [
      "a summary that comes whole",
      [done(0, { ...sealed, summary: [{ type: "summary_text", text: "A" }] })],
      [thinking("A", OWN)],
    ],
    [
      "reasoning text",
      [
        added(0, thought()),
        event("reasoning_text.delta", 0, { content_index: 0, delta: "A" }),
        done(0, thought()),
      ],
      [thinking("A")],
    ],
    [
      "arguments",
      [
        added(0, call("a")),
        write(0, '{"x"'),
        write(0, ":1}"),
        event("function_call_arguments.done", 0, { arguments: '{"x":1}' }),
        done(0, call("a", '{"x":1}')),
      ],
      [use("a", { x: 1 })],
    ],
    [
      "arguments that come whole",
      [
        added(0, call("a")),
        event("function_call_arguments.done", 0, { arguments: '{"x":1}' }),
        done(0, call("a", '{"x":1}')),
      ],
      [use("a", { x: 1 })],
    ],
    [
      "parallel calls, interleaved",
      [
        added(0, call("a")),
        added(1, call("b")),
        write(1, '{"y"'),
        write(0, '{"x":1}'),
        write(1, ":2}"),
        done(1, call("b", '{"y":2}')),
        done(0, call("a", '{"x":1}')),
      ],
      [use("a", { x: 1 }), use("b", { y: 2 })],
    ],
    [
      "a text amid a call waits",
      [
        added(0, call("a")),
        write(0, '{"x"'),
        added(1, message()),
        say(1, "Then"),
        write(0, ":1}"),
        done(0, call("a", '{"x":1}')),
        say(1, "."),
        done(1, message("Then.")),
      ],
      [use("a", { x: 1 }), text("Then.")],
    ],
    [
      "a free-form call",
      [
        added(0, custom()),
        event("custom_tool_call_input.delta", 0, { delta: 'say "' }),
        event("custom_tool_call_input.delta", 0, { delta: 'hi"\n' }),
        event("custom_tool_call_input.done", 0, { input: 'say "hi"\n' }),
        done(0, custom('say "hi"\n')),
      ],
      [{ type: "tool_use", id: "c", name: "patch", input: { input: 'say "hi"\n' } }],
    ],
    [
      "a free-form call that comes whole",
      [done(0, custom("x"))],
      [{ type: "tool_use", id: "c", name: "patch", input: { input: "x" } }],
    ],
    [
      "what OpenAI's own tools do",
      [
        added(0, { type: "web_search_call", id: "ws_1" }),
        event("web_search_call.completed", 0, {}),
        done(0, { type: "web_search_call", id: "ws_1" }),
        added(1, message()),
        say(1, "A"),
      ],
      [text("A")],
    ],
    [
      "an event that nobody knows",
      [{ type: "response.novelty" }, added(0, message()), say(0, "A")],
      [text("A")],
    ],
  ])("%s", (_what, events, content) => {
    const last = events.some(({ type }) => type === "response.completed") ? [] : [end()];
    const answer = collect([created, ...events, ...last]);
    expect(answer.content).toEqual(content);
    expect(answer).toMatchObject({ id: "resp_1", complete: true, usage: COUNTED });
    expect(answer.stop_reason).toBe(
      content.some((block) => (block as JsonObject).type === "tool_use") ? "tool_use" : "end_turn",
    );
  });
});

test.each([
  ["max_output_tokens", "max_tokens"],
  ["content_filter", "refusal"],
])("incomplete: %s", (reason, stop_reason) => {
  const answer = collect([created, added(0, call("a")), write(0, '{"x'), incomplete(reason)]);
  expect(answer).toMatchObject({ stop_reason, complete: true, content: [{ input: { input: '{"x' } }] });
});

test("a stream without response.created has an id", () => {
  expect(collect([done(0, message("A")), { type: "response.completed", response: {} }]).id).toMatch(
    /^resp_[0-9a-f]{32}$/,
  );
});

test("a stream that was cut off has no end", () => {
  const types = decode([created, added(0, message()), say(0, "A")]).map(({ type }) => type);
  expect(types).toEqual(["message_start", "content_block_start", "content_block_delta"]);
});

const failed = (error: Json) => ({
  type: "response.failed",
  response: response({ status: "failed", error }),
});

describe("failures", () => {
  test.each<[event: JsonObject, status: number, reason: string | undefined]>([
    [
      failed({ code: "rate_limit_exceeded", message: "Slow. Please try again in 2s." }),
      429,
      "rate_limit_exceeded",
    ],
    [failed({ code: "server_is_overloaded", message: "Busy." }), 503, "server_is_overloaded"],
    [failed({ code: "context_length_exceeded", message: "Long." }), 400, "context_length_exceeded"],
    [failed({ code: "server_error", message: "Oops." }), 500, "server_error"],
    [failed({ code: "invalid_image_url", message: "Bad." }), 400, "invalid_image_url"],
    [
      { type: "error", code: "rate_limit_exceeded", message: "Slow.", param: null },
      429,
      "rate_limit_exceeded",
    ],
    [
      { type: "error", error: { type: "too_many_requests", code: "too_many_requests", message: "Slow." } },
      429,
      "too_many_requests",
    ],
    [{ error: { code: "429", message: "Slow." } }, 429, undefined],
    [{ error: "BadRequest", message: "The following tool is not allowed: custom." }, 400, "BadRequest"],
  ])("%j", (event, status, reason) => {
    const decoder = openaiResponses.decodeStream();
    decoder.read(created);
    let thrown: unknown;
    try {
      decoder.read(event);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject({ status, reason, origin: "upstream" });
  });

  test("a failure without a reason waits for the error behind it (throttling, protocol 4b.4)", () => {
    expect(decode([created, failed(null)])).toHaveLength(1);
  });
});
