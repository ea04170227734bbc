/** What of the service's answers reaches a client (protocol 4f.3, 4f.4). */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { orchestration } from "./orchestration-request.ts";

const FIRST: JsonObject = {
  request_id: "r",
  intermediate_results: { templating: [{ role: "user", content: "CANARY" }] },
  final_result: {
    ...{ id: "", object: "", created: 0, model: "", system_fingerprint: "" },
    choices: [{ index: 0, delta: { role: "", content: "" }, finish_reason: "" }],
  },
};

function chunk(delta: JsonObject, finish_reason = "", more: JsonObject = {}): JsonObject {
  const result = {
    id: "msg_bdrk_1",
    object: "chat.completion.chunk",
    created: 1,
    model: "claude",
    choices: [{ index: 0, delta, logprobs: {}, finish_reason }],
    ...more,
  };
  return { request_id: "r", intermediate_results: { llm: { unfiltered: "CANARY" } }, final_result: result };
}

const opened = (index: number, name: string): JsonObject => ({
  tool_calls: [{ index, id: `c${index}`, type: "function", function: { name, arguments: "" } }],
});
const wrote = (index: number, written: string): JsonObject => ({
  tool_calls: [{ index, function: { arguments: written } }],
});

/** Each choice of the stream as `delta / finish_reason`, and the usage. */
function told(
  events: JsonObject[],
  request: JsonObject = { stream: true, stream_options: { include_usage: true } },
): string[] {
  const translation = orchestration.translation(request);
  const clean = events.flatMap((event): JsonObject[] => {
    const own = orchestration.cleanEvent(event);
    return own ? [own] : [];
  });
  const all = clean.flatMap((event): readonly JsonObject[] => translation?.event(event) ?? [event]);
  expect(JSON.stringify(all)).not.toMatch(/CANARY|intermediate|request_id|logprobs/);
  return all.map(({ choices, usage }) => {
    const [choice] = choices as { delta: JsonObject; finish_reason: unknown }[];
    if (choice === undefined) return `usage ${JSON.stringify(usage)}`;
    return `${JSON.stringify(choice.delta)} ${choice.finish_reason}`;
  });
}

const USAGE = {
  prompt_tokens: 10,
  completion_tokens: 5,
  total_tokens: 15,
  prompt_tokens_details: { cached_tokens: 100, cache_creation_tokens: 20 },
};

describe("streams", () => {
  test("of text: without the prompt, the empty finish reasons and the unfiltered text; usage apart, inclusive", () => {
    const events = [
      FIRST,
      chunk({ role: "assistant", content: "Hi" }),
      chunk({ content: "." }, "stop", { usage: USAGE }),
    ];
    const usage = { ...USAGE, prompt_tokens: 130, total_tokens: 135 };
    expect(told(events)).toEqual([
      '{"role":"assistant","content":"Hi"} null',
      '{"content":"."} stop',
      `usage ${JSON.stringify(usage)}`,
    ]);
    expect(told(events, { stream: true })).toEqual([
      '{"role":"assistant","content":"Hi"} null',
      '{"content":"."} stop',
    ]);
  });

  test("of calls: a trailing stop is not told", () => {
    const events = [
      FIRST,
      chunk(opened(0, "f")),
      chunk(wrote(0, "{}")),
      chunk({}, "tool_calls"),
      chunk({}, "stop"),
    ];
    expect(told(events).slice(-2)).toEqual(["{} tool_calls", "{} null"]);
  });

  test("of thoughts: a text, and the signature beside it", () => {
    const thoughts = [
      chunk({ content: "", reasoning_content: [{ content: "Hm", signature: "" }] }),
      chunk({ content: "", reasoning_content: [{ content: "", signature: "SIG" }] }),
    ];
    expect(told([FIRST, ...thoughts])).toEqual([
      '{"content":"","reasoning_content":"Hm"} null',
      '{"content":"","reasoning_signature":"SIG"} null',
    ]);
  });

  test("of a forced answer: its arguments are the text", () => {
    const request = { stream: true, response_format: { type: "json_object" } };
    const events = [
      FIRST,
      chunk(opened(0, "answer_in_json")),
      chunk(wrote(0, '{"a"')),
      chunk(wrote(0, ":1}")),
      chunk({}, "tool_calls"),
      chunk({}, "stop"),
    ];
    expect(told(events, request)).toEqual([
      "{} null",
      '{"content":"{\\"a\\""} null',
      '{"content":":1}"} null',
      "{} stop",
      "{} null",
    ]);
    const mixed = [chunk(opened(0, "f")), chunk(opened(1, "answer_in_json")), chunk({}, "tool_calls")];
    expect(told(mixed, request).at(-1)).toBe("{} tool_calls");
    expect(told([chunk(opened(0, "answer_in_json")), chunk({}, "tool_calls")], request).at(-1)).toBe(
      '{"content":"{}"} stop',
    );
  });
});

describe("whole answers", () => {
  const whole = (message: JsonObject, finish_reason: string, id = "msg_1"): JsonObject => ({
    request_id: "r",
    intermediate_results: { templating: "CANARY" },
    final_result: {
      id,
      object: "chat.completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, message, finish_reason }],
      usage: USAGE,
    },
  });
  const read = (answer: JsonObject, request: JsonObject = {}) => {
    const clean = orchestration.cleanAnswer(answer);
    return orchestration.translation(request)?.message(clean) ?? clean;
  };

  test("are the final result", () => {
    const answer = read(
      whole(
        { role: "assistant", content: "Hi", reasoning_content: [{ content: "Hm", signature: "S" }] },
        "stop",
      ),
    );
    expect(Object.keys(answer)).toEqual(["id", "object", "created", "model", "choices", "usage"]);
    expect(answer).toHaveProperty("usage.prompt_tokens", 130);
    expect(answer).toHaveProperty("choices.0.message", {
      role: "assistant",
      content: "Hi",
      reasoning_content: "Hm",
      reasoning_signature: "S",
    });
  });

  test("GPT's usage is inclusive already", () => {
    expect(read(whole({ content: "" }, "stop", "chatcmpl-1"))).toHaveProperty("usage.prompt_tokens", 10);
  });

  test("an output filter's finish reason stays, an unknown body is no answer", () => {
    expect(read(whole({ content: "" }, "content_filter"))).toHaveProperty(
      "choices.0.finish_reason",
      "content_filter",
    );
    expect(read({ hello: 1 })).toEqual({});
  });

  test("a forced answer is a text; calls make `tool_calls`", () => {
    const call = (name: string) => ({ id: name, type: "function", function: { name, arguments: '{"a":1}' } });
    const format = { response_format: { type: "json_object" } };
    const forced = read(whole({ content: "", tool_calls: [call("answer_in_json")] }, "tool_calls"), format);
    expect(forced).toHaveProperty("choices.0", {
      index: 0,
      message: { content: '{"a":1}' },
      finish_reason: "stop",
    });
    const own = read(whole({ content: "", tool_calls: [call("f")] }, "stop"), format);
    expect(own).toHaveProperty("choices.0.finish_reason", "tool_calls");
  });
});

describe("failures in a stream", () => {
  const leak = { intermediate_results: { templating: "CANARY" } };
  test.each<[JsonObject, number, string, string | undefined]>([
    [
      { error: { request_id: "r", code: 429, message: "Too many requests.", ...leak } },
      429,
      "Too many requests.",
      undefined,
    ],
    [
      { error: { code: 400, message: "Filtered.", location: "Filtering Module - Input Filter", ...leak } },
      400,
      "Filtered.",
      "content_filter",
    ],
    [
      {
        error: [
          { code: 400, message: "a" },
          { code: 503, message: "b", ...leak },
        ],
      },
      503,
      "b",
      undefined,
    ],
    [{ code: 500, message: "Internal Server Error", ...leak }, 500, "Internal Server Error", undefined],
    [{ error: { ...leak } }, 500, "The orchestration service failed.", undefined],
  ])("%j", (event, status, message, reason) => {
    const failure = orchestration.readStreamError(event);
    expect(failure).toMatchObject({ status, message });
    expect(failure?.reason).toBe(reason);
    expect(JSON.stringify(failure)).not.toContain("CANARY");
  });

  test("everything else is none", () => {
    for (const event of [FIRST, chunk({}, "stop")])
      expect(orchestration.readStreamError(event)).toBeUndefined();
  });
});
