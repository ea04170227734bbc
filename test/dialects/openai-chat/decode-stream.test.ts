import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import { ApiError } from "../../../src/errors.ts";
import { Collector } from "../../../src/hub/collect.ts";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import type { HubAnswer, HubEvent } from "../../../src/hub/messages.ts";
import { frozen } from "./frozen.ts";

/** As Azure begins: no id, no choices, only what its filter says of the prompt. */
const FILTER = {
  choices: [],
  created: 0,
  id: "",
  model: "",
  object: "",
  prompt_filter_results: [{ prompt_index: 0 }],
};
const USAGE = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };

function chunk(delta: JsonObject, finish_reason: Json = null): JsonObject {
  return { id: "chatcmpl-1", model: "gpt-4o", choices: [{ index: 0, delta, finish_reason }], usage: null };
}
const usage = (usage: JsonObject): JsonObject => ({ id: "chatcmpl-1", model: "gpt-4o", choices: [], usage });
const finish = (reason: string) => chunk({}, reason);
const piece = (index: number, args: string) =>
  chunk({ tool_calls: [{ index, function: { arguments: args } }] });
const open = (index: number, id: string, name: string, args = "") =>
  chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: args } }] });

function decode(chunks: JsonObject[]): HubEvent[] {
  const decoder = openaiChat.decodeStream();
  return [...frozen(chunks).flatMap((event) => decoder.read(event)), ...decoder.end()];
}

/** The answer that the events tell; throws where they break the grammar of a stream. */
function collect(chunks: JsonObject[]): HubAnswer & { complete: boolean } {
  const collector = new Collector();
  let open: number | undefined;
  let next = 0;
  for (const event of decode(chunks)) {
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
const use = (id: string, name: string, input: JsonObject) => ({ type: "tool_use", id, name, input });

test("a text, event by event", () => {
  const events = decode([
    FILTER,
    chunk({ role: "assistant", content: "" }),
    chunk({ content: "Hi" }),
    finish("stop"),
    usage(USAGE),
  ]);
  const counted = {
    input_tokens: 10,
    output_tokens: 5,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
  };
  expect(events).toEqual([
    {
      type: "message_start",
      message: {
        id: "chatcmpl-1",
        model: "gpt-4o",
        usage: { ...counted, input_tokens: 0, output_tokens: 0 },
      },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hi" } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: counted },
    { type: "message_stop" },
  ]);
});

describe("content", () => {
  test.each<[what: string, chunks: JsonObject[], content: JsonObject[]]>([
    [
      "a text in pieces",
      [chunk({ content: "Hel" }), chunk({ content: "lo" }), finish("stop")],
      [text("Hello")],
    ],
    ["a finish reason beside the last piece", [chunk({ content: "Hi" }, "stop")], [text("Hi")]],
    ["a refusal", [chunk({ refusal: "No" }), chunk({ refusal: "." }), finish("stop")], [text("No.")]],
    ["content in parts", [chunk({ content: [{ type: "text", text: "Hi" }] }), finish("stop")], [text("Hi")]],
    ["nothing", [chunk({ role: "assistant", content: null }), finish("stop")], []],
    [
      "thoughts before the text",
      [
        chunk({ reasoning_content: "H" }),
        chunk({ reasoning_content: "m" }),
        chunk({ content: "Yes" }),
        finish("stop"),
      ],
      [{ type: "thinking", thinking: "Hm" }, text("Yes")],
    ],
    [
      "thoughts under their newer name",
      [chunk({ reasoning: "Hm" }), chunk({ content: "Yes" }), finish("stop")],
      [{ type: "thinking", thinking: "Hm" }, text("Yes")],
    ],
    [
      "thoughts as orchestration writes them, the signature last",
      [
        chunk({ content: "", reasoning_content: [{ content: "Hm", signature: "" }] }),
        chunk({ content: "", reasoning_content: [{ content: "", signature: "s1" }] }),
        chunk({ content: "Yes" }, "stop"),
      ],
      [{ type: "thinking", thinking: "Hm", signature: "aicore.chat.s1" }, text("Yes")],
    ],
    [
      "a call in pieces behind a text",
      [
        chunk({ content: "I read." }),
        open(0, "a", "read"),
        piece(0, '{"p":'),
        piece(0, '"x"}'),
        finish("tool_calls"),
      ],
      [text("I read."), use("a", "read", { p: "x" })],
    ],
    [
      "a call with all its arguments at once",
      [open(0, "a", "read", '{"p":1}'), finish("tool_calls")],
      [use("a", "read", { p: 1 })],
    ],
    [
      "a call without arguments",
      [open(0, "a", "now"), piece(0, ""), finish("tool_calls")],
      [use("a", "now", {})],
    ],
    [
      "arguments that are no JSON",
      [open(0, "a", "read", "{oops"), finish("tool_calls")],
      [use("a", "read", { input: "{oops" })],
    ],
    [
      "parallel calls one after another",
      [open(0, "a", "f"), piece(0, '{"n":1}'), open(1, "b", "g"), piece(1, '{"n":2}'), finish("tool_calls")],
      [use("a", "f", { n: 1 }), use("b", "g", { n: 2 })],
    ],
    [
      "parallel calls interleaved",
      [
        open(0, "a", "f"),
        open(1, "b", "g"),
        piece(1, '{"n"'),
        piece(0, '{"n"'),
        piece(1, ":2}"),
        piece(0, ":1}"),
        finish("tool_calls"),
      ],
      [use("a", "f", { n: 1 }), use("b", "g", { n: 2 })],
    ],
    [
      "id and name in different chunks, the second call complete before the first",
      [
        chunk({
          tool_calls: [
            { index: 0, id: "a" },
            { index: 1, id: "b", function: { name: "g", arguments: '{"n":2}' } },
          ],
        }),
        piece(0, '{"n":'),
        chunk({ tool_calls: [{ index: 0, function: { name: "f" } }] }),
        piece(0, "1}"),
        finish("tool_calls"),
      ],
      [use("a", "f", { n: 1 }), use("b", "g", { n: 2 })],
    ],
    [
      "id and name repeated in every chunk",
      [open(0, "a", "f", '{"n":'), open(0, "a", "f", "1}"), finish("tool_calls")],
      [use("a", "f", { n: 1 })],
    ],
    [
      "the same index for every call",
      [open(0, "a", "f", '{"n":1}'), open(0, "b", "g", '{"n":2}'), finish("tool_calls")],
      [use("a", "f", { n: 1 }), use("b", "g", { n: 2 })],
    ],
    [
      "a call that never gets an id",
      [open(0, "", "f", "{}"), finish("tool_calls")],
      [use("call_0", "f", {})],
    ],
    [
      "a text in the midst of a call waits",
      [open(0, "a", "f", '{"n":'), chunk({ content: "Wait" }), piece(0, "1}"), finish("tool_calls")],
      [use("a", "f", { n: 1 }), text("Wait")],
    ],
    [
      "a second choice is not read",
      [
        {
          id: "1",
          choices: [
            { index: 1, delta: { content: "B" } },
            { index: 0, delta: { content: "A" } },
          ],
        },
        finish("stop"),
      ],
      [text("A")],
    ],
    [
      "chunks of a filter that say nothing",
      [
        chunk({ content: "Hi" }),
        { id: "", choices: [{ index: 0, content_filter_offsets: {} }] },
        finish("stop"),
      ],
      [text("Hi")],
    ],
  ])("%s", (_what, chunks, content) => {
    expect(collect(chunks)).toMatchObject({ complete: true, content });
    expect(collect(chunks).content).toHaveLength(content.length);
  });
});

describe("the end", () => {
  const call = open(0, "a", "f", "{}");
  test.each<[reason: string, chunks: JsonObject[], stop: string]>([
    ["stop", [chunk({ content: "Hi" }), finish("stop")], "end_turn"],
    ["length", [finish("length")], "max_tokens"],
    ["content_filter", [finish("content_filter")], "refusal"],
    ["tool_calls", [call, finish("tool_calls")], "tool_use"],
    ["stop after tool_calls", [call, finish("tool_calls"), finish("stop")], "tool_use"],
    ["stop behind a forced call", [call, finish("stop")], "tool_use"],
    ["an empty reason first", [chunk({ content: "Hi" }, ""), finish("stop")], "end_turn"],
    ["a reason that we do not know", [finish("eos")], "end_turn"],
  ])("%s", (_reason, chunks, stop) => {
    expect(collect(chunks)).toMatchObject({ complete: true, stop_reason: stop });
  });

  test.each<[what: string, chunks: JsonObject[]]>([
    ["nothing", []],
    ["the filter's chunk alone", [FILTER]],
    ["a text that was cut off", [chunk({ content: "Hi" })]],
    ["an empty finish reason", [chunk({ content: "Hi" }, "")]],
    ["usage, but no finish reason", [chunk({ content: "Hi" }), usage(USAGE)]],
  ])("%s is not complete", (_what, chunks) => {
    const types = decode(chunks).map(({ type }) => type);
    expect(types).not.toContain("message_delta");
    expect(types).not.toContain("message_stop");
  });

  test("a host that gives no id: the answer gets one", () => {
    const answer = collect([{ choices: [{ delta: { content: "Hi" }, finish_reason: "stop" }] }]);
    expect(answer).toMatchObject({ id: expect.stringMatching(/^chatcmpl-[0-9a-f]{32}$/), complete: true });
  });
});

describe("errors", () => {
  test.each<[error: JsonObject, status: number, reason: string | undefined]>([
    [{ code: "429", message: "slow down" }, 429, undefined],
    [{ code: 503, message: "busy" }, 503, undefined],
    [{ code: "rate_limit_exceeded", message: "slow down" }, 429, "rate_limit_exceeded"],
    [{ code: "content_filter", message: "no" }, 400, "content_filter"],
    [{ type: "invalid_request_error", code: null, message: "no" }, 400, undefined],
    [{ type: "server_error", message: "oops" }, 500, undefined],
    [{}, 500, undefined],
  ])("%j", (error, status, reason) => {
    const decoder = openaiChat.decodeStream();
    decoder.read(FILTER);
    const thrown = thrownBy(() => decoder.read(frozen({ error })));
    expect(thrown).toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject({ status, reason, origin: "upstream" });
    expect((thrown as ApiError).message).toBe(error.message ?? "The model's host reported an error.");
  });
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
