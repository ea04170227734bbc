/** What a chat request becomes for the orchestration service (protocol 4f.2, 7.8). */
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { sign } from "../../src/sandbox/claude/signature.ts";
import { upstreamsFor } from "../../src/upstreams/index.ts";
import {
  ADAPTIVE,
  CLAUDE,
  call,
  called,
  GEMINI,
  GPT,
  GPT_5,
  HELLO,
  judged,
  MISTRAL,
  orchestration,
  prepared,
  result,
  SONAR,
  said,
  TOOL,
} from "./orchestration-request.ts";
import { callFor } from "./request.ts";

test("serves the deployment that has no model of its own", () => {
  expect(upstreamsFor({ executable: "orchestration", model: undefined })).toEqual([orchestration]);
  expect(upstreamsFor({ executable: "orchestration", model: "gpt-4o" })).toEqual([]);
});

describe("the envelope", () => {
  test("has the system's words in the template and the talk in the history", () => {
    const talk = [said("user", "Hi."), said("assistant", "Yes?"), said("user", "Go on.")];
    const { template, history, body } = prepared({ messages: [said("developer", "Be brief."), ...talk] });
    expect(template).toEqual([said("system", "Be brief.")]);
    expect(history).toEqual(talk);
    expect(body).not.toHaveProperty("config.stream");
  });

  test("asks for a stream with an object", () => {
    const { body, params } = prepared({ stream: true });
    expect(body).toHaveProperty("config.stream", { enabled: true, chunk_size: 64 });
    expect(params).toEqual({ stream_options: { include_usage: true } });
  });

  const round = [said("user", "Hi."), called("call_12345"), result("call_12345")];
  test.each<[string, string, JsonObject[], string[], string[]]>([
    [
      "without a system",
      GPT,
      [said("user", "Hi."), said("assistant", "Yes?"), said("user", "So?")],
      ["user"],
      ["user", "assistant"],
    ],
    ["nothing but system", GPT, [said("system", "Talk.")], ["system"], []],
    [
      "Mistral behind a tool",
      MISTRAL,
      [said("system", "S."), ...round],
      ["tool"],
      ["system", "user", "assistant"],
    ],
    ["Perplexity", SONAR, [said("system", "S."), said("user", "Hi.")], ["user"], ["system"]],
    [
      "Claude behind a tool",
      CLAUDE,
      [said("system", "S."), ...round],
      ["system"],
      ["user", "assistant", "tool"],
    ],
  ])("%s", (_name, model, messages, template, history) => {
    const tools = messages.some(({ role }) => role === "tool") ? { tools: [TOOL] } : {};
    const told = prepared({ messages, ...tools }, model);
    expect(told.template.map(({ role }) => role)).toEqual(template);
    expect(told.history.map(({ role }) => role)).toEqual(history);
  });
});

describe("text with placeholders reaches the model as it is", () => {
  const texts = [
    "Use {{?name}} here.",
    "{{? spaced }} and {{?a.b}}",
    "{{?text_1}}",
    "{{bar}} {{#if}}",
    "$& $1 {{?x}}",
  ];
  test.each(texts)("%s", (text) => {
    for (const messages of [
      [said("system", text), said("user", text)],
      [said("user", text)],
      [
        {
          role: "system",
          content: [
            { type: "text", text },
            { type: "text", text: `${text}!` },
          ],
        },
        ...HELLO,
      ],
    ]) {
      const { body } = prepared({ messages });
      const answer = judged(body);
      const told = JSON.parse(String("body" in answer ? answer.body : ""));
      const read = JSON.stringify(
        told.intermediate_results.templating.map((each: JsonObject) => each.content),
      );
      const wrote = messages.map(({ content }) => content);
      expect(JSON.parse(read).sort()).toEqual(wrote.sort());
    }
  });
});

describe("messages", () => {
  const only = (message: JsonObject, model = GPT) =>
    prepared({ messages: [said("system", "S."), said("user", "Hi."), message, said("user", "So?")] }, model)
      .history[1];

  test("beside calls the content is an empty text; a tool's is one text", () => {
    const parts = [
      { type: "text", text: "a" },
      { type: "text", text: "b" },
    ];
    const messages = [...HELLO, called("call_1"), result("call_1", parts), said("user", "So?")];
    const { history } = prepared({ messages, tools: [TOOL] });
    expect(history[1]).toMatchObject({ content: "" });
    expect(history[2]).toEqual(result("call_1", "a\n\nb"));
  });

  test.each([
    ["", "{}"],
    ["{", '{"input":"{"}'],
    ["[1]", '{"input":"[1]"}'],
    ['{"a":1}', '{"a":1}'],
  ])("arguments %j become %j", (written, expected) => {
    const assistant = { role: "assistant", content: null, tool_calls: [call("call_1", written)] };
    const { history } = prepared({
      messages: [...HELLO, assistant, result("call_1"), ...HELLO],
      tools: [TOOL],
    });
    expect(history[1]).toHaveProperty("tool_calls.0.function.arguments", expected);
  });

  test("members of other makers, empty messages and refusals", () => {
    expect(only({ role: "assistant", content: "x", audio: { id: "1" }, name: "n" })).toEqual(
      said("assistant", "x"),
    );
    expect(only({ role: "assistant", content: null, refusal: "No." })).toEqual(said("assistant", "No."));
    expect(only({ role: "assistant", content: "" })).toEqual(said("user", "So?"));
  });

  test("images are data URLs, except where the host fetches", () => {
    const image = (url: string) => ({
      role: "user",
      content: [{ type: "image_url", image_url: { url, detail: "low" } }],
    });
    const data = "data:image/png;base64,AAAA";
    expect(prepared({ messages: [image(data)] }, CLAUDE).template[0]).toHaveProperty("content.0.image_url", {
      url: data,
    });
    expect(prepared({ messages: [image("https://example.com/a.png")] }).notes).toEqual([]);
    expect(() => prepared({ messages: [image("https://example.com/a.png")] }, CLAUDE)).toThrow(
      "messages.0.content.0.image_url: anthropic--claude-4.5-sonnet takes images as data URLs only",
    );
  });

  test("thoughts go back to Claude with their signature, in either form, and to nobody else", () => {
    const told = {
      role: "assistant",
      content: "42.",
      reasoning_content: "Hm.",
      reasoning_signature: sign("Hm."),
    };
    const entries = [{ content: "Hm.", signature: sign("Hm.") }];
    expect(only(told, CLAUDE)).toEqual({ ...said("assistant", "42."), reasoning_content: entries });
    expect(only({ ...said("assistant", "42."), reasoning_content: entries }, CLAUDE)).toHaveProperty(
      "reasoning_content",
      entries,
    );
    expect(only({ ...told, reasoning_signature: "" }, CLAUDE)).toEqual(said("assistant", "42."));
    expect(only(told)).toEqual(said("assistant", "42."));
  });

  test("Claude's cache is marked: the client's marks, else system and the last two user turns", () => {
    const ephemeral = { cache_control: { type: "ephemeral" } };
    const marks = (value: JsonObject[]) => JSON.stringify(value).split("cache_control").length - 1;
    const talk = [1, 2, 3].flatMap((n) => [said("user", `q${n}`), said("assistant", "a")]);
    const messages = [said("system", "S."), ...talk, said("user", "q4")];
    const { template, history } = prepared({ messages }, CLAUDE);
    expect([marks(template), marks(history)]).toEqual([1, 2]);
    expect(history.at(-1)).toEqual({ role: "user", content: [{ type: "text", text: "q4", ...ephemeral }] });
    const own = {
      role: "user",
      content: [
        { type: "text", text: "x", ...ephemeral },
        { type: "text", text: "y" },
      ],
    };
    expect(marks(prepared({ messages: [said("system", "S."), own] }, CLAUDE).history)).toBe(1);
    expect(marks(prepared({ messages: [said("system", "S."), own] }).history)).toBe(0);
  });
});

describe("tools", () => {
  test("are functions with an object's schema", () => {
    const loose = { type: "function", function: { name: "loose" } };
    const { prompt, notes } = prepared({ tools: [TOOL, loose, { type: "custom", custom: { name: "c" } }] });
    expect(prompt.tools).toEqual([
      TOOL,
      { type: "function", function: { name: "loose", parameters: { properties: {}, type: "object" } } },
    ]);
    expect(notes).toEqual(["a tool of type custom is left out: gpt-4o takes functions only"]);
  });

  test.each<[string, JsonObject, JsonObject, boolean]>([
    [GPT, { tool_choice: "required" }, { tool_choice: "required" }, true],
    [GEMINI, { tool_choice: "required" }, {}, true],
    [GEMINI, { tool_choice: "none" }, {}, false],
    [SONAR, { tool_choice: "auto", response_format: { type: "json_object" } }, {}, false],
  ])("%s with %j", (model, change, params, has) => {
    const told = prepared({ tools: [TOOL], ...change }, model);
    expect(told.params).toEqual(params);
    expect("tools" in told.prompt).toBe(has);
  });
});

describe("parameters", () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      GPT,
      { temperature: 0.2, top_p: 0.5, seed: 1, user: "u", max_tokens: 5 },
      { temperature: 0.2, top_p: 0.5, seed: 1, user: "u", max_tokens: 5 },
    ],
    [GPT_5, { temperature: 0.2, top_p: 0.5, max_tokens: 5 }, { max_completion_tokens: 5 }],
    [
      CLAUDE,
      { temperature: 0.2, top_p: 0.5, seed: 1, user: "u", max_completion_tokens: 5 },
      { temperature: 0.2, max_tokens: 5 },
    ],
    [CLAUDE, { max_tokens: 999_999, stop: ["x"] }, { max_tokens: 64_000, stop: ["x"] }],
    [ADAPTIVE, { temperature: 0.2, top_p: 0.5 }, {}],
    [SONAR, { stop: "x", temperature: 1 }, { temperature: 1 }],
    [GPT, { store: true, metadata: {} }, {}],
    [GPT_5, { reasoning_effort: "minimal" }, { reasoning_effort: "low" }],
    [CLAUDE, { reasoning_effort: "xhigh", temperature: 0.3 }, { reasoning_effort: "high" }],
    [CLAUDE, { reasoning_effort: "none" }, {}],
    [CLAUDE, { reasoning_effort: "high", max_tokens: 1000 }, { max_tokens: 1000 }],
    [
      CLAUDE,
      { reasoning_effort: "low", tools: [TOOL], tool_choice: "required" },
      { tool_choice: "required" },
    ],
    [
      ADAPTIVE,
      { reasoning_effort: "minimal" },
      { thinking: { type: "adaptive" }, output_config: { effort: "low" } },
    ],
    [GEMINI, { reasoning_effort: "medium" }, { reasoning_effort: "medium" }],
    [GPT, { reasoning_effort: "medium" }, {}],
  ])("%s: %j → %j", (model, given, expected) => {
    expect(prepared(given, model).params).toEqual(expected);
  });

  test("a turn that began without thinking goes on without", () => {
    const messages = [...HELLO, called("call_1"), result("call_1")];
    const { params, notes } = prepared({ messages, tools: [TOOL], reasoning_effort: "high" }, CLAUDE);
    expect(params).toEqual({});
    expect(notes).toEqual([
      `thinking is left out where the turn under way began without it: ${CLAUDE} refuses it`,
    ]);
  });

  test.each([
    [
      "400 - LLM Module: openai does not support parameters: ['tool_choice'], for model=gpt-4o",
      "gpt-4o field:tool_choice",
    ],
    [
      "claude-opus-4-8 does not support temperature=0.2. Only temperature=1 is supported.",
      "gpt-4o field:temperature",
    ],
    ["gpt-5 models (including gpt-5-codex) don't support temperature=0.7", "gpt-4o field:temperature"],
    ["400 - LLM Module: x does not support parameters: ['messages']", undefined],
    ["400 - Input Parameters: Unused parameters: ['x'].", undefined],
  ])("from %j it learns %j", (message, key) => {
    expect(orchestration.learn(400, message, callFor(GPT))).toBe(key);
    if (key === undefined) return;
    const learned = new Set([key]);
    expect(orchestration.learn(400, message, callFor(GPT, { learned }))).toBeUndefined();
    const field = key.split(":")[1] ?? "";
    const body = { tools: [TOOL], tool_choice: "required", temperature: 0.5 };
    expect(prepared(body, GPT, { learned }).params).not.toHaveProperty(field);
    expect(prepared(body, MISTRAL, { learned }).params).toHaveProperty(field);
  });
});

describe("structured output", () => {
  const schema = { type: "object", properties: { answer: { type: "string" } }, required: ["answer"] };
  const response_format = { type: "json_schema", json_schema: { name: "a", schema } };

  test("is the host's own where it has it", () => {
    expect(prepared({ response_format }).prompt).toEqual({ response_format });
  });

  test.each<[string, JsonObject, JsonObject[string]]>([
    ["alone", {}, { type: "function", function: { name: "answer_in_json" } }],
    ["beside a tool", { tools: [TOOL] }, "required"],
    [
      "beside a forced tool",
      { tools: [TOOL], tool_choice: { type: "function", function: { name: "read" } } },
      { type: "function", function: { name: "read" } },
    ],
  ])("is a forced tool for Claude: %s", (_name, more, choice) => {
    const { prompt, params } = prepared({ response_format, ...more }, CLAUDE);
    expect(prompt).not.toHaveProperty("response_format");
    expect((prompt.tools as JsonObject[]).at(-1)).toHaveProperty("function.name", "answer_in_json");
    expect(params.tool_choice).toEqual(choice);
  });
});
