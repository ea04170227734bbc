/** protocol.md 4a.3, row by row: top-level fields, cache marks, tools. The left column names the row. */
import { assistant, marked, markedFor, result, text, tool, toolTurn, user } from "./bodies.ts";
import { EXTRA, type Row, refuses, said } from "./check.ts";

const scoped = { cache_control: { type: "ephemeral", scope: "global" } };
const toolKey = (key: string, value: unknown): Row => [
  `tools[].${key}`,
  { tools: [tool({ [key]: value })] },
  `tools.0.custom.${key}: ${EXTRA}`,
];
const extra = (key: string, value: unknown = {}): Row => [
  `${key} at top level`,
  { [key]: value },
  `${key}: ${EXTRA}`,
];
const serverTool = (type: string): Row => [
  `server tool ${type}`,
  { tools: [{ type, name: "x" }] },
  `tools.0: Input tag '${type}' found using 'type' does not match any of the expected tags: 'custom'`,
];

const TOP_LEVEL: Row[] = [
  extra("model", "claude-opus-4-6"),
  extra("stream", true),
  extra("betas", ["effort-2025-11-24"]),
  extra("context_management", { edits: [{ type: "clear_thinking_20251015", keep: "all" }] }),
  extra("container"),
  extra("mcp_servers", []),
  extra("service_tier", "auto"),
  extra("inference_geo", "eu"),
  extra("speed", "fast"),
  extra("fallbacks", []),
  extra("cache_control", { type: "ephemeral" }),
  extra("diagnostics"),
  extra("user_profile_id", "u1"),
  extra("thread", "t1"),
  extra("safeguards", [{ type: "dangerous_tool_use" }]),
  extra("a_field_of_next_year", 1),
  ["metadata", { metadata: { user_id: "u" } }, "role 'system' is not supported on this model"],
  ["no anthropic_version", { anthropic_version: undefined }, "anthropic_version: Field required"],
  [
    "a client's version",
    { anthropic_version: "2023-06-01" },
    "anthropic_version: Input should be 'bedrock-2023-05-31'",
  ],
  ["no max_tokens", { max_tokens: undefined }, "max_tokens: Field required"],
  ["max_tokens of 0", { max_tokens: 0 }, "max_tokens: Input should be greater than or equal to 1"],
  ["a fraction", { max_tokens: 1.5 }, "max_tokens: Input should be a valid integer"],
  ["max_tokens as text", { max_tokens: "100" }, "max_tokens: Input should be a valid integer"],
  [
    "max_tokens over the limit",
    { max_tokens: 64_001 },
    "max_tokens: 64001 > 64000, which is the maximum allowed number of output tokens for anthropic--claude-4.5-haiku",
    "4.5-haiku",
  ],
  ["output_config.format", { output_config: { format: {} } }, `output_config.format: ${EXTRA}`],
  [
    "an unknown effort",
    { output_config: { effort: "minimal" } },
    "output_config.effort: Input should be 'low'",
  ],
  ["a blank stop sequence", { stop_sequences: [" "] }, "stop_sequences: each stop sequence must contain"],
  ["no messages", { messages: undefined }, "messages: Field required"],
  ["an empty conversation", { messages: [] }, "messages: at least one message is required"],
  ["messages as text", { messages: "hi" }, "messages: Input should be a valid list"],
  ["a prompt too long", said("long ".repeat(170_000)), "200000 maximum", "4.5-haiku"],
];

const CACHE: Row[] = [
  [
    "cache_control.scope on a tool",
    { tools: [tool(scoped)] },
    `tools.0.custom.cache_control.ephemeral.scope: ${EXTRA}`,
  ],
  [
    "cache_control.scope in system",
    { system: [text("a"), text("b"), text("c", scoped)] },
    `system.2.cache_control.ephemeral.scope: ${EXTRA}`,
  ],
  [
    "cache_control.scope in a message",
    said(text("a", scoped)),
    `messages.0.content.0.text.cache_control.ephemeral.scope: ${EXTRA}`,
  ],
  [
    "cache_control.scope inside a tool_result",
    { messages: [...toolTurn.slice(0, 2), user(result("toolu_1", { content: [text("a", scoped)] }))] },
    `messages.2.content.0.tool_result.content.0.text.cache_control.ephemeral.scope: ${EXTRA}`,
  ],
  [
    "another ttl",
    { system: [text("a", markedFor("2h"))] },
    "cache_control.ephemeral.ttl: Input should be '5m' or '1h'",
  ],
  ["another type", { system: [text("a", { cache_control: { type: "forever" } })] }, "Input tag 'forever'"],
  [
    "five marks",
    { ...said(...["1", "2", "3", "4", "5"].map((one) => text(one, marked))), system: "s" },
    "A maximum of 4 blocks with cache_control may be provided. Found 5.",
  ],
  [
    "1h after 5m",
    said(text("a", marked), text("b", markedFor("1h"))),
    "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
  ],
  [
    "a mark on thinking",
    {
      messages: [
        user("a"),
        assistant({ type: "thinking", thinking: "", signature: "", ...marked }),
        user("b"),
      ],
    },
    `messages.1.content.0.thinking.cache_control: ${EXTRA}`,
  ],
];

const TOOLS: Row[] = [
  serverTool("web_search_20250305"),
  serverTool("web_fetch_20250910"),
  serverTool("code_execution_20250522"),
  serverTool("computer_20250124"),
  serverTool("mcp_toolset"),
  serverTool("advisor_20260301"),
  serverTool("bash_20250124"),
  serverTool("text_editor_20250728"),
  toolKey("strict", true),
  toolKey("defer_loading", true),
  toolKey("input_examples", []),
  toolKey("eager_input_streaming", true),
  toolKey("allowed_callers", ["direct"]),
  [
    "tools[].type custom, with more",
    { tools: [tool({ type: "custom", cache: 1 })] },
    `tools.0.custom.cache: ${EXTRA}`,
  ],
  ["a tool without a name", { tools: [tool({ name: undefined })] }, "tools.0.custom.name: Field required"],
  [
    "a tool with a wild name",
    { tools: [tool({ name: "a b" })] },
    "tools.0.custom.name: String should match pattern",
  ],
  [
    "a tool with no schema",
    { tools: [tool({ input_schema: undefined })] },
    "tools.0.custom.input_schema: Field required",
  ],
  [
    "a tool with a non-object schema",
    { tools: [tool({ input_schema: { type: "string" } })] },
    "tools.0.custom.input_schema.type: Input should be 'object'",
  ],
  [
    "an untyped schema",
    { tools: [tool({ input_schema: {} })] },
    "tools.0.custom.input_schema.type: Field required",
  ],
  ["one name twice", { tools: [tool(), tool()] }, "tools: Tool names must be unique."],
  [
    "an empty list of tools",
    { tools: [] },
    "tools: List should have at least 1 item after validation, not 0",
  ],
  [
    "tool_choice without tools",
    { tools: undefined, tool_choice: { type: "auto" } },
    "tool_choice may only be specified while providing tools",
  ],
  [
    "tool_choice of no tool",
    { tool_choice: { type: "tool", name: "Nope" } },
    "tool_choice: Tool 'Nope' not found in provided tools",
  ],
  ["an unknown tool_choice", { tool_choice: { type: "required" } }, "tool_choice: Input tag 'required'"],
];

refuses("top level", TOP_LEVEL);
refuses("cache_control", CACHE);
refuses("tools", TOOLS);
