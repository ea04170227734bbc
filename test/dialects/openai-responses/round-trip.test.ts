/** `decodeRequest(encodeRequest(x))` is x, but for what the table says Responses have no place for. */
import { describe, expect, test } from "vitest";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import { Collector, explode } from "../../../src/hub/collect.ts";
import type { Block, HubAnswer, HubRequest } from "../../../src/hub/messages.ts";
import { frozen, hub, PDF, PNG, target } from "../openai-chat/frozen.ts";

function around(request: HubRequest): HubRequest {
  return openaiResponses.decodeRequest(frozen(openaiResponses.encodeRequest(request, target())), () => {});
}

const text = (text: string): Block => ({ type: "text", text });
const image: Block = { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } };
const pdf: Block = {
  type: "document",
  title: "a.pdf",
  source: { type: "base64", media_type: "application/pdf", data: PDF },
};
const own: Block = { type: "thinking", thinking: "Hm", signature: "aicore.responses.rs_1:gAAA" };
const use: Block = { type: "tool_use", id: "a", name: "read", input: { path: "x" } };
const result = (content: string | Block[]): Block => ({ type: "tool_result", tool_use_id: "a", content });
const tool = { name: "read", description: "Reads.", input_schema: { type: "object", properties: {} } };

const KEPT: Partial<HubRequest>[] = [
  {},
  { system: [{ type: "text", text: "Be brief." }], max_tokens: 10, temperature: 0, top_p: 1 },
  { thinking: { type: "adaptive" } },
  { thinking: { type: "adaptive" }, output_config: { effort: "high" } },
  { thinking: { type: "disabled" } },
  { output_config: { format: { type: "json_schema", name: "n", strict: true, schema: { type: "object" } } } },
  { tools: [tool], tool_choice: { type: "any", disable_parallel_tool_use: true } },
  { tools: [tool], tool_choice: { type: "tool", name: "read" } },
  { vendor: { openai: { user: "u", verbosity: "low" } } },
  { messages: [{ role: "user", content: [text("A"), image, pdf] }] },
  {
    messages: [
      { role: "user", content: "Go" },
      { role: "assistant", content: [own, text("I read."), use, { ...use, id: "b" }] },
      { role: "user", content: [result("1"), { ...result([text("2"), image]), tool_use_id: "b" } as Block] },
      { role: "system", content: "Be brief." },
      { role: "assistant", content: [text("Done.")] },
    ],
  },
];

test.each(KEPT)("kept: %j", (members) => {
  expect(around(hub({ model: "gpt-4o", ...members }))).toEqual(hub({ model: "gpt-4o", ...members }));
});

const LOST: [what: string, before: Partial<HubRequest>, after: Partial<HubRequest>][] = [
  ["top_k and stop sequences", { top_k: 5, stop_sequences: ["A"] }, {}],
  [
    "budgets become efforts",
    { thinking: { type: "enabled", budget_tokens: 5000 } },
    { thinking: { type: "adaptive" }, output_config: { effort: "medium" } },
  ],
  [
    "the effort max",
    { output_config: { effort: "max" } },
    { thinking: { type: "adaptive" }, output_config: { effort: "xhigh" } },
  ],
  ["how a tool was declared", { tools: [{ ...tool, origin: { custom: true } }] }, { tools: [tool] }],
  ["cache_control", { tools: [{ ...tool, cache_control: { type: "ephemeral" } }] }, { tools: [tool] }],
  ["parameters of chat alone", { vendor: { openai: { seed: 7 } } }, {}],
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
    "foreign thoughts, and that a result is an error",
    {
      messages: [
        { role: "assistant", content: [{ type: "thinking", thinking: "Hm", signature: "s" }, use] },
        { role: "user", content: [{ ...result("1"), is_error: true } as Block, text("Next")] },
      ],
    },
    {
      messages: [
        { role: "assistant", content: [use] },
        { role: "user", content: [result("1")] },
        { role: "user", content: [text("Next")] },
      ],
    },
  ],
];

describe("lost", () => {
  test.each(LOST)("%s", (_what, before, after) => {
    expect(around(hub({ model: "gpt-4o", ...before }))).toEqual(hub({ model: "gpt-4o", ...after }));
  });
});

describe("an answer", () => {
  const content: Block[] = [
    { type: "thinking", thinking: "Hm", signature: "aicore.responses.rs_1_0:gAAA" },
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
  const answer: HubAnswer = frozen({ id: "resp_1", model: "m", content, stop_reason: "tool_use", usage });
  const request = hub({ stream: true });

  test("is the same when it comes whole", () => {
    expect(openaiResponses.decodeAnswer(openaiResponses.encodeAnswer(answer, request))).toEqual(answer);
  });

  test("is the same when it comes as a stream", () => {
    const encoder = openaiResponses.encodeStream(request);
    const decoder = openaiResponses.decodeStream();
    const collector = new Collector();
    const frames = explode(answer).flatMap((event) => encoder.write(event));
    for (const { data } of frames) for (const event of decoder.read(JSON.parse(data))) collector.add(event);
    expect(collector.answer).toEqual(answer);
    expect(collector.complete).toBe(true);
  });
});

/** What a client returns of a thought, in the history of its next request, is what its maker signed. */
test.each<Block>([
  { type: "thinking", thinking: "Hm,\nso.", signature: "c2ln" },
  { type: "thinking", thinking: "", signature: "c2ln" },
  { type: "thinking", thinking: "Hm", signature: "aicore.gemini.Zw==" },
  { type: "redacted_thinking", data: "ZGF0YQ==" },
])("a thought comes back: %j", (thought) => {
  const usage = {
    input_tokens: 1,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    output_tokens: 1,
  };
  const answer: HubAnswer = {
    id: "msg_1",
    model: "m",
    content: [thought, use],
    stop_reason: "tool_use",
    usage,
  };
  const { output = [] } = openaiResponses.encodeAnswer(frozen(answer), hub({}));
  const { messages } = openaiResponses.decodeRequest(frozen({ model: "m", input: output }), () => {});
  expect(messages).toEqual([{ role: "assistant", content: [thought, use] }]);
});
