/** What becomes of Codex's requests on the way to another maker's model. */
import { expect, test } from "vitest";
import { openaiResponses } from "../../../src/dialects/openai-responses/index.ts";
import type { JsonObject } from "../../../src/hub/json.ts";
import type { HubRequest } from "../../../src/hub/messages.ts";
import { PNG } from "../openai-chat/frozen.ts";
import { COMPACTION, FIRST_TURN, GPT6_TURN, MCP_TURN, PATCH_TURN } from "./codex.ts";

function decode(body: JsonObject): HubRequest & { notes: string[] } {
  const notes: string[] = [];
  return { ...openaiResponses.decodeRequest(body, (text) => notes.push(text)), notes };
}
const text = (text: string) => ({ type: "text", text });
const use = (id: string, name: string, input: JsonObject) => ({ type: "tool_use", id, name, input });
const result = (tool_use_id: string, content: unknown) => ({ type: "tool_result", tool_use_id, content });
const user = (...content: unknown[]) => ({ role: "user", content });
const assistant = (...content: unknown[]) => ({ role: "assistant", content });

const SYSTEM = [text("You are Codex."), text("Skills."), text("Permissions.")];
const BEGINNING = [user(text("<environment_context>")), user(text("Read it."))];
const SCHEMA = { type: "object", properties: { cmd: { type: "string" } } };

test("the first turn", () => {
  expect(decode(FIRST_TURN)).toEqual({
    model: "gpt-5",
    stream: true,
    system: SYSTEM,
    messages: BEGINNING,
    tools: [
      { name: "exec_command", description: "Does exec_command.", input_schema: SCHEMA },
      {
        name: "multi_agent_v1__spawn_agent",
        description: "Does spawn_agent.",
        input_schema: SCHEMA,
        origin: { namespace: "multi_agent_v1", name: "spawn_agent" },
      },
    ],
    tool_choice: { type: "auto" },
    thinking: { type: "adaptive" },
    vendor: { openai: { prompt_cache_key: "thread" } },
    notes: ["the tool web_search is left out: only OpenAI itself runs it"],
  });
});

test("apply_patch is a function of one text, in the history too", () => {
  const { messages, tools, thinking, output_config, vendor, notes } = decode(PATCH_TURN);
  expect(messages).toEqual([
    ...BEGINNING,
    assistant(use("call_1", "apply_patch", { input: "*** Begin" })),
    user(result("call_1", "Exit code: 0")),
  ]);
  expect(tools?.[1]).toMatchObject({
    name: "apply_patch",
    description: "Takes text.\n\nThe input follows this lark grammar:\nstart: LINE",
    input_schema: { type: "object", required: ["input"] },
    origin: { custom: true },
  });
  expect({ thinking, output_config }).toEqual({
    thinking: { type: "adaptive" },
    output_config: { effort: "medium" },
  });
  expect(vendor).toEqual({ openai: { verbosity: "low", prompt_cache_key: "thread" } });
  expect(notes).toHaveLength(2);
});

test("gpt-6: tools in an input item, and a call that names no namespace", () => {
  const { system, messages, tools, tool_choice } = decode(GPT6_TURN);
  expect(system).toEqual(SYSTEM);
  expect(tools?.map(({ name, origin }) => [name, origin])).toEqual([
    ["functions__exec", { custom: true, namespace: "functions", name: "exec" }],
    ["functions__wait", { namespace: "functions", name: "wait" }],
    ["clock__sleep", { namespace: "clock", name: "sleep" }],
  ]);
  expect(messages.slice(2)).toEqual([
    assistant(use("call_1", "functions__exec", { input: "text(1)" })),
    user(result("call_1", [text("1")])),
  ]);
  expect(tool_choice).toEqual({ type: "auto", disable_parallel_tool_use: true });
});

test("MCP, a thought of Claude's, and a picture as a result", () => {
  const { messages } = decode(MCP_TURN);
  const source = { type: "base64", media_type: "image/png", data: PNG };
  expect(messages.slice(2)).toEqual([
    assistant(
      { type: "thinking", thinking: "Add.", signature: "c2ln" },
      text("I add."),
      use("call_1", "mcp__demo__add", { a: 1 }),
      use("call_2", "view_image", { path: "a.png" }),
    ),
    user(result("call_1", [text("Output:"), text("3")]), result("call_2", [{ type: "image", source }])),
  ]);
});

test("compaction is an ordinary request without tools", () => {
  const { messages, tools, tool_choice, notes } = decode(COMPACTION);
  expect({ tools, tool_choice, notes }).toEqual({ tools: undefined, tool_choice: undefined, notes: [] });
  expect(messages.at(-1)).toEqual(user(text("CONTEXT CHECKPOINT COMPACTION")));
});

test("calls come back as Codex declared their tools", () => {
  const request = decode(GPT6_TURN);
  const usage = {
    input_tokens: 1,
    cache_read_input_tokens: 0,
    cache_creation_input_tokens: 0,
    output_tokens: 1,
  };
  const answer = openaiResponses.encodeAnswer(
    {
      id: "msg_1",
      model: "gpt-6-sol",
      content: [
        { type: "tool_use", id: "call_2", name: "functions__exec", input: { input: "text(2)" } },
        { type: "tool_use", id: "call_3", name: "clock__sleep", input: { cmd: "1" } },
      ],
      stop_reason: "tool_use",
      usage,
    },
    request,
  );
  expect(answer.output).toEqual([
    {
      id: "ctc_1_0",
      type: "custom_tool_call",
      status: "completed",
      call_id: "call_2",
      name: "exec",
      namespace: "functions",
      input: "text(2)",
    },
    {
      id: "fc_1_1",
      type: "function_call",
      status: "completed",
      call_id: "call_3",
      name: "sleep",
      namespace: "clock",
      arguments: '{"cmd":"1"}',
    },
  ]);
  expect(answer).toMatchObject({ model: "gpt-6-sol", parallel_tool_calls: false, tool_choice: "auto" });
  expect(answer.tools).toMatchObject([
    {
      type: "namespace",
      name: "functions",
      tools: [
        { type: "custom", name: "exec" },
        { type: "function", name: "wait" },
      ],
    },
    { type: "namespace", name: "clock", tools: [{ type: "function", name: "sleep" }] },
  ]);
});
