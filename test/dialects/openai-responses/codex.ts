/** Requests in the shapes of Codex 0.169 (clients.md 2.3), small and invented. */
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import { frozen, PNG_URL } from "../openai-chat/frozen.ts";

let ids = 0;
const message = (role: string, ...texts: string[]): JsonObject => ({
  type: "message",
  id: `msg_00000000-${ids++}`,
  role,
  content: texts.map((text) => ({ type: role === "assistant" ? "output_text" : "input_text", text })),
});
const fn = (name: string): JsonObject => ({
  type: "function",
  name,
  description: `Does ${name}.`,
  strict: false,
  parameters: { type: "object", properties: { cmd: { type: "string" } } },
});
const custom = (name: string): JsonObject => ({
  type: "custom",
  name,
  description: "Takes text.",
  format: { type: "grammar", syntax: "lark", definition: "start: LINE" },
});
const namespace = (name: string, ...tools: JsonObject[]): JsonObject => ({
  type: "namespace",
  name,
  description: "",
  tools,
});

function turn(members: { [key: string]: Json }): JsonObject {
  return frozen({
    model: "gpt-5",
    stream: true,
    tool_choice: "auto",
    parallel_tool_calls: true,
    reasoning: { summary: "auto" },
    store: false,
    include: ["reasoning.encrypted_content"],
    prompt_cache_key: "thread",
    client_metadata: { thread_id: "thread" },
    ...members,
  });
}

const beginning = [
  message("developer", "You are Codex."),
  message("developer", "Skills.", "Permissions."),
  message("user", "<environment_context>"),
  message("user", "Read it."),
];
const search = { type: "web_search", external_web_access: true };

export const FIRST_TURN = turn({
  input: beginning,
  tools: [fn("exec_command"), namespace("multi_agent_v1", fn("spawn_agent")), search],
});

export const PATCH_TURN = turn({
  input: [
    ...beginning,
    {
      type: "custom_tool_call",
      id: "ctc_1",
      status: "completed",
      call_id: "call_1",
      name: "apply_patch",
      input: "*** Begin",
    },
    { type: "custom_tool_call_output", id: "ctco_1", call_id: "call_1", output: "Exit code: 0" },
  ],
  tools: [fn("exec_command"), custom("apply_patch"), { type: "tool_search", execution: "client" }, search],
  text: { verbosity: "low" },
  reasoning: { effort: "medium" },
});

export const GPT6_TURN = turn({
  model: "gpt-6-sol",
  input: [
    {
      type: "additional_tools",
      id: "at_1",
      role: "developer",
      tools: [namespace("functions", custom("exec"), fn("wait")), namespace("clock", fn("sleep"))],
    },
    ...beginning,
    {
      type: "custom_tool_call",
      id: "ctc_1",
      status: "completed",
      call_id: "call_1",
      name: "exec",
      input: "text(1)",
    },
    {
      type: "custom_tool_call_output",
      id: "ctco_1",
      call_id: "call_1",
      output: [{ type: "input_text", text: "1" }],
    },
  ],
  parallel_tool_calls: false,
  reasoning: { effort: "medium", context: "all_turns" },
});

export const MCP_TURN = turn({
  input: [
    ...beginning,
    {
      type: "reasoning",
      id: "rs_1",
      summary: [{ type: "summary_text", text: "Add." }],
      encrypted_content: "claude.c2ln",
    },
    message("assistant", "I add."),
    {
      type: "function_call",
      id: "fc_1",
      status: "completed",
      name: "add",
      namespace: "mcp__demo",
      arguments: '{"a":1}',
      call_id: "call_1",
    },
    {
      type: "function_call",
      id: "fc_2",
      status: "completed",
      name: "view_image",
      arguments: '{"path":"a.png"}',
      call_id: "call_2",
    },
    {
      type: "function_call_output",
      id: "fco_1",
      call_id: "call_1",
      output: [
        { type: "input_text", text: "Output:" },
        { type: "input_text", text: "3" },
      ],
    },
    {
      type: "function_call_output",
      id: "fco_2",
      call_id: "call_2",
      output: [{ type: "input_image", image_url: PNG_URL }],
    },
  ],
  tools: [namespace("mcp__demo", fn("add")), fn("view_image")],
});

/** Its history is replayed whole, with a last message of the user that has no id. */
export const COMPACTION = turn({
  input: [
    ...beginning,
    {
      type: "function_call",
      id: "fc_1",
      status: "completed",
      name: "exec_command",
      arguments: '{"cmd":"ls"}',
      call_id: "call_1",
    },
    { type: "function_call_output", id: "fco_1", call_id: "call_1", output: "a.txt" },
    {
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: "CONTEXT CHECKPOINT COMPACTION" }],
    },
  ],
  tools: [],
  parallel_tool_calls: false,
});
