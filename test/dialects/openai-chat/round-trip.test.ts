/** `decodeRequest(encodeRequest(x))` is x, but for what the table says chat has no place for. */
import { describe, expect, test } from "vitest";
import { openaiChat } from "../../../src/dialects/openai-chat/index.ts";
import { Collector, explode } from "../../../src/hub/collect.ts";
import type { Block, HubAnswer, HubRequest } from "../../../src/hub/messages.ts";
import { frozen, hub, PDF, PNG, target } from "./frozen.ts";

function around(request: HubRequest): HubRequest {
  return openaiChat.decodeRequest(frozen(openaiChat.encodeRequest(request, target())), () => {});
}

const text = (text: string): Block => ({ type: "text", text });
const image: Block = { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } };
const use: Block = { type: "tool_use", id: "a", name: "read", input: { path: "x" } };
const result = (content: string | Block[]): Block => ({ type: "tool_result", tool_use_id: "a", content });
const tool = { name: "read", description: "Reads.", input_schema: { type: "object", properties: {} } };

const KEPT: Partial<HubRequest>[] = [
  {},
  { system: [{ type: "text", text: "Be brief." }], max_tokens: 10, temperature: 0, top_p: 1 },
  { stop_sequences: ["A", "B"] },
  { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
  { thinking: { type: "disabled" } },
  { output_config: { format: { type: "json_schema", name: "n", strict: true, schema: { type: "object" } } } },
  { tools: [tool], tool_choice: { type: "any", disable_parallel_tool_use: true } },
  { tools: [tool], tool_choice: { type: "tool", name: "read" } },
  { vendor: { openai: { seed: 7, verbosity: "low" } } },
  { messages: [{ role: "user", content: [text("A"), image] }] },
  {
    messages: [
      {
        role: "user",
        content: [
          {
            type: "document",
            title: "a.pdf",
            source: { type: "base64", media_type: "application/pdf", data: PDF },
          },
        ],
      },
    ],
  },
  {
    messages: [
      { role: "user", content: "Go" },
      { role: "assistant", content: [text("I read."), use, { ...use, id: "b" }] },
      { role: "user", content: [result("1"), { ...result("2"), tool_use_id: "b" } as Block] },
      { role: "system", content: "Be brief." },
      { role: "assistant", content: [text("Done.")] },
    ],
  },
];

test.each(KEPT)("kept: %j", (members) => {
  expect(around(hub({ model: "gpt-4o", ...members }))).toEqual(hub({ model: "gpt-4o", ...members }));
});

const LOST: [what: string, before: Partial<HubRequest>, after: Partial<HubRequest>][] = [
  ["top_k", { top_k: 5 }, {}],
  [
    "the fifth stop sequence",
    { stop_sequences: ["1", "2", "3", "4", "5"] },
    { stop_sequences: ["1", "2", "3", "4"] },
  ],
  [
    "budgets become efforts",
    { thinking: { type: "enabled", budget_tokens: 5000 } },
    { thinking: { type: "adaptive" }, output_config: { effort: "medium" } },
  ],
  ["thinking without an effort is the model's choice", { thinking: { type: "adaptive" } }, {}],
  [
    "the effort max",
    { output_config: { effort: "max" } },
    { thinking: { type: "adaptive" }, output_config: { effort: "xhigh" } },
  ],
  ["how a tool was declared", { tools: [{ ...tool, origin: { custom: true } }] }, { tools: [tool] }],
  ["cache_control", { tools: [{ ...tool, cache_control: { type: "ephemeral" } }] }, { tools: [tool] }],
  [
    "borders of system blocks",
    {
      system: [
        { type: "text", text: "A" },
        { type: "text", text: "B" },
      ],
    },
    { system: [{ type: "text", text: "A\n\nB" }] },
  ],
  [
    "a single text as a block",
    { messages: [{ role: "user", content: [text("Hi")] }] },
    { messages: [{ role: "user", content: "Hi" }] },
  ],
  [
    "thoughts, and the place of a call among texts",
    {
      messages: [
        {
          role: "assistant",
          content: [{ type: "thinking", thinking: "Hm", signature: "s" }, use, text("Then")],
        },
        { role: "user", content: [result("1")] },
      ],
    },
    {
      messages: [
        { role: "assistant", content: [text("Then"), use] },
        { role: "user", content: [result("1")] },
      ],
    },
  ],
  [
    "that a result is an error, and that a picture is part of it",
    {
      messages: [
        { role: "assistant", content: [use] },
        { role: "user", content: [{ ...result([text("1"), image]), is_error: true } as Block] },
      ],
    },
    {
      messages: [
        { role: "assistant", content: [use] },
        { role: "user", content: [result("1")] },
        { role: "user", content: [text("Shown by tool call a:"), image] },
      ],
    },
  ],
];

describe("lost", () => {
  test.each(LOST)("%s", (_what, before, after) => {
    expect(around(hub({ model: "gpt-4o", ...before }))).toEqual(hub({ model: "gpt-4o", ...after }));
  });
});

test("an answer is the same whether it comes whole or as a stream", () => {
  const content: Block[] = [
    { type: "thinking", thinking: "Hm" },
    text("I read."),
    use,
    { ...use, id: "b", input: {} },
  ];
  const usage = {
    input_tokens: 1,
    cache_read_input_tokens: 2,
    cache_creation_input_tokens: 3,
    output_tokens: 4,
    reasoning_tokens: 1,
  };
  const answer: HubAnswer = frozen({ id: "chatcmpl-1", model: "m", content, stop_reason: "tool_use", usage });
  const request = hub({ stream: true, vendor: { chat: { include_usage: true } } });

  expect(openaiChat.decodeAnswer(openaiChat.encodeAnswer(answer, request))).toEqual(answer);

  const encoder = openaiChat.encodeStream(request);
  const decoder = openaiChat.decodeStream();
  const collector = new Collector();
  const frames = explode(answer).flatMap((event) => encoder.write(event));
  expect(frames.pop()).toEqual({ data: "[DONE]" });
  const events = [...frames.flatMap(({ data }) => decoder.read(JSON.parse(data))), ...decoder.end()];
  for (const event of events) collector.add(event);
  expect(collector.answer).toEqual(answer);
  expect(collector.complete).toBe(true);
});
