/** One line for each row of protocol.md 4a.3 that is about the body's own members, its blocks or its tools. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/hub/json.ts";
import { BODY, callFor, OPUS_46, prepared, SONNET_45, TOOL, text, toolResult, toolUse } from "./request.ts";

type Members = Record<string, Json | undefined>;
const EPHEMERAL = { type: "ephemeral" };
const withTools = (...tools: Json[]): Members => ({ tools });
const say = (...content: Json[]): Members => ({ messages: [{ role: "user", content }] });
const results = (...content: Json[]): Members => ({
  messages: [
    { role: "user", content: "Go." },
    { role: "assistant", content: [toolUse("a")] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "a", content }] },
  ],
});

/** Name, model, what the client adds to a legal body, and what is then sent of these and other members. */
const ROWS: readonly (readonly [name: string, model: string, change: Members, expected: Members])[] = [
  [
    "model and stream go",
    OPUS_46,
    { model: "claude-opus-5-5", stream: true },
    { model: undefined, stream: undefined },
  ],
  [
    "betas move",
    OPUS_46,
    { betas: ["effort-2025-11-24"] },
    { betas: undefined, anthropic_beta: ["effort-2025-11-24"] },
  ],
  [
    "anthropic_beta is filtered",
    OPUS_46,
    { anthropic_beta: ["effort-2025-11-24", "new-2027-01-01"] },
    { anthropic_beta: ["effort-2025-11-24"] },
  ],
  [
    "the version is Bedrock's",
    OPUS_46,
    { anthropic_version: "2023-06-01" },
    { anthropic_version: "bedrock-2023-05-31" },
  ],
  [
    "context_management goes",
    OPUS_46,
    { context_management: { edits: [] } },
    { context_management: undefined },
  ],
  ["metadata goes", OPUS_46, { metadata: { user_id: "u" } }, { metadata: undefined }],
  [
    "effort stays on adaptive models",
    OPUS_46,
    { output_config: { effort: "high" } },
    { output_config: { effort: "high" } },
  ],
  [
    "effort goes on budget models",
    SONNET_45,
    { output_config: { effort: "high" } },
    { output_config: undefined },
  ],
  [
    "output_config keeps nothing but effort",
    OPUS_46,
    { output_config: { effort: "low", task_budget: 1 } },
    { output_config: { effort: "low" } },
  ],
  [
    "cache_control.scope goes in system",
    OPUS_46,
    { system: [{ ...text("S"), cache_control: { type: "ephemeral", scope: "global" } }] },
    { system: [{ ...text("S"), cache_control: EPHEMERAL }] },
  ],
  [
    "cache_control.scope goes in tools",
    OPUS_46,
    withTools({ ...TOOL, cache_control: { type: "ephemeral", scope: "global" } }),
    withTools({ ...TOOL, cache_control: EPHEMERAL }),
  ],
  [
    "cache_control.scope goes in messages",
    OPUS_46,
    say({ ...text("A"), cache_control: { type: "ephemeral", scope: "global" } }),
    say({ ...text("A"), cache_control: EPHEMERAL }),
  ],
  [
    "cache_control.scope goes inside tool results",
    OPUS_46,
    results({ ...text("A"), cache_control: { type: "ephemeral", scope: "x" } }),
    results({ ...text("A"), cache_control: EPHEMERAL }),
  ],
  [
    "ttl 1h stays",
    OPUS_46,
    { ...say({ ...text("A"), cache_control: { type: "ephemeral", ttl: "1h" } }), system: undefined },
    say({ ...text("A"), cache_control: { type: "ephemeral", ttl: "1h" } }),
  ],
  [
    "another ttl goes",
    OPUS_46,
    say({ ...text("A"), cache_control: { type: "ephemeral", ttl: "2h" } }),
    say({ ...text("A"), cache_control: EPHEMERAL }),
  ],
  [
    "a breakpoint of another type goes",
    OPUS_46,
    say({ ...text("A"), cache_control: { type: "persistent" } }),
    say(text("A")),
  ],
  ["top-level cache_control goes", OPUS_46, { cache_control: EPHEMERAL }, { cache_control: undefined }],
  ...[
    "web_search_20250305",
    "web_fetch_20250910",
    "code_execution_20250522",
    "computer_20250124",
    "mcp_toolset",
    "advisor_20260301",
    "memory_20250818",
    "tool_search_tool_regex_20251119",
  ].map(
    (type) =>
      [
        `the server tool ${type} goes`,
        OPUS_46,
        withTools(TOOL, { type, name: "x" }),
        withTools(TOOL),
      ] as const,
  ),
  [
    "a server tool alone takes the choice with it",
    OPUS_46,
    { tools: [{ type: "web_search_20250305", name: "web_search" }], tool_choice: { type: "auto" } },
    { tools: undefined, tool_choice: undefined },
  ],
  [
    "a custom type stays",
    OPUS_46,
    withTools({ ...TOOL, type: "custom" }),
    withTools({ ...TOOL, type: "custom" }),
  ],
  ...["strict", "defer_loading", "input_examples", "eager_input_streaming", "allowed_callers"].map(
    (key) => [`tools[].${key} goes`, OPUS_46, withTools({ ...TOOL, [key]: true }), withTools(TOOL)] as const,
  ),
  [
    "Claude Code's placeholder goes",
    OPUS_46,
    withTools(TOOL, { ...TOOL, name: "DeferredToolPlaceholder" }),
    withTools(TOOL),
  ],
  [
    "a tool without a name goes",
    OPUS_46,
    withTools(TOOL, { input_schema: { type: "object" } }),
    withTools(TOOL),
  ],
  ["a tool without a schema goes", OPUS_46, withTools(TOOL, { name: "b" }), withTools(TOOL)],
  [
    "a schema of something else goes",
    OPUS_46,
    withTools(TOOL, { name: "b", input_schema: { type: "string" } }),
    withTools(TOOL),
  ],
  [
    "a schema that forgot its type is completed",
    OPUS_46,
    withTools({ name: "b", input_schema: { properties: {} } }),
    withTools({ name: "b", input_schema: { type: "object", properties: {} } }),
  ],
  [
    "of two tools of a name the first stays",
    OPUS_46,
    withTools(TOOL, { ...TOOL, description: "Again." }),
    withTools(TOOL),
  ],
  ["no tools, no key", OPUS_46, { tools: [] }, { tools: undefined }],
  [
    "tool_choice without tools goes",
    OPUS_46,
    { tools: undefined, tool_choice: { type: "auto" } },
    { tool_choice: undefined },
  ],
  [
    "tool_choice none takes the tools",
    OPUS_46,
    { tool_choice: { type: "none" } },
    { tools: undefined, tool_choice: undefined },
  ],
  [
    "tool_choice none leaves the tools of a history with calls",
    OPUS_46,
    { ...results(text("A")), tool_choice: { type: "none" } },
    { tools: [TOOL], tool_choice: undefined },
  ],
  [
    "tool_choice of a dropped tool goes",
    OPUS_46,
    {
      tools: [TOOL, { type: "web_search_20250305", name: "web_search" }],
      tool_choice: { type: "tool", name: "web_search" },
    },
    { tools: [TOOL], tool_choice: undefined },
  ],
  [
    "tool_choice of a tool stays whole",
    OPUS_46,
    { tool_choice: { type: "tool", name: "read_file", disable_parallel_tool_use: true } },
    { tool_choice: { type: "tool", name: "read_file", disable_parallel_tool_use: true } },
  ],
  ...[
    "container",
    "mcp_servers",
    "service_tier",
    "inference_geo",
    "speed",
    "fallbacks",
    "diagnostics",
    "user_profile_id",
    "thread",
    "safeguards",
  ].map((field) => [`${field} goes`, OPUS_46, { [field]: {} }, { [field]: undefined }] as const),
  [
    "a tool_reference becomes text",
    OPUS_46,
    results({ type: "tool_reference", tool_name: "mcp__add" }),
    results(text("The tool mcp__add is available.")),
  ],
  [
    "an unknown block in a result becomes text",
    OPUS_46,
    results({ type: "audio", seconds: 3 }),
    results(text('{"type":"audio","seconds":3}')),
  ],
  ["a blank text block goes", OPUS_46, say(text(" \n"), text("A")), say(text("A"))],
  ["a blank text block in a result goes", OPUS_46, results(text(""), text("A")), results(text("A"))],
  ["a blank system block goes", OPUS_46, { system: [text(""), text("S")] }, { system: [text("S")] }],
  ["a blank system goes", OPUS_46, { system: " " }, { system: undefined }],
  [
    "the attribution block goes",
    OPUS_46,
    { system: [text("x-anthropic-billing-header: cc_version=1; cc_entrypoint=cli"), text("S")] },
    { system: [text("S")] },
  ],
  [
    "a PDF stays",
    OPUS_46,
    say({
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
      citations: { enabled: true },
    }),
    say({
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERi0=" },
      citations: { enabled: true },
    }),
  ],
  [
    "a data: URL becomes base64",
    OPUS_46,
    say({ type: "image", source: { type: "url", url: "data:image/png;base64,iVBORw0KGgo=" } }),
    say({ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } }),
  ],
  [
    "a data: URL of text becomes text",
    OPUS_46,
    say({ type: "document", source: { type: "url", url: "data:text/plain,a%20b" } }),
    say({ type: "document", source: { type: "text", media_type: "text/plain", data: "a b" } }),
  ],
  [
    "foreign keys of a block go",
    OPUS_46,
    say(
      { ...text("A"), id: 1 },
      {
        type: "image",
        source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
        detail: "low",
      },
    ),
    say(text("A"), {
      type: "image",
      source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
    }),
  ],
  [
    "citations of a web search go",
    OPUS_46,
    say({ ...text("A"), citations: [{ type: "web_search_result_location", url: "u" }] }),
    say(text("A")),
  ],
  ["max_tokens over the limit is lowered", SONNET_45, { max_tokens: 128_000 }, { max_tokens: 64_000 }],
  ["stop_sequences stay", OPUS_46, { stop_sequences: ["</block>"] }, { stop_sequences: ["</block>"] }],
];

describe("fields of the request (protocol.md 4a.3)", () => {
  test.each(ROWS)("%s", (_name, model, change, expected) => {
    expect(prepared(change, callFor(model))).toEqual({ ...BODY, ...change, ...expected });
  });

  test("bash and text editor tools become plain ones with the inputs the model knows", () => {
    const call = callFor(OPUS_46);
    const tools = prepared(
      withTools(
        { type: "bash_20250124", name: "bash" },
        { type: "text_editor_20250728", name: "str_replace_based_edit_tool", max_characters: 9 },
      ),
      call,
    ).tools;
    expect(tools).toMatchObject([
      { name: "bash", input_schema: { type: "object", properties: { command: {}, restart: {} } } },
      {
        name: "str_replace_based_edit_tool",
        input_schema: { type: "object", required: ["command", "path"] },
      },
    ]);
    expect(JSON.stringify(tools)).not.toContain("_2025");
    expect(call.notes).toEqual([]);
  });

  test.each([
    ["image", 0, { type: "image", source: { type: "url", url: "https://example.com/a.png" } }],
    ["document", 1, { type: "document", source: { type: "url", url: "file:///etc/passwd" } }],
  ])("a URL of a %s is a 400 that names the place", (kind, at, block) => {
    const content = at === 0 ? [block] : [text("See."), block];
    const send = () => prepared(say(...content));
    expect(send).toThrow(
      expect.objectContaining({ status: 400, type: "invalid_request_error", origin: "aicore" }),
    );
    expect(send).toThrow(
      `messages.0.content.${at}.source.url: Bedrock on SAP AI Core does not fetch URLs; send the ${kind} as base64.`,
    );
  });

  test("a URL inside a tool result is named with its whole path", () => {
    const send = () =>
      prepared(results({ type: "image", source: { type: "url", url: "https://example.com" } }));
    expect(send).toThrow(/^messages\.2\.content\.0\.content\.0\.source\.url: /);
  });

  test("what is taken from the user is told, what nobody misses is not", () => {
    const call = callFor(OPUS_46);
    prepared({ model: "m", stream: true, metadata: {}, betas: [] }, call);
    expect(call.notes).toEqual([]);
    prepared({ mcp_servers: [], tools: [{ type: "web_search_20250305", name: "web_search" }] }, call);
    expect(call.notes).toEqual([
      expect.stringContaining("mcp_servers"),
      expect.stringContaining("web_search_20250305"),
    ]);
  });

  test("a command that failed without a word says so", () => {
    const failed = (content: Json) => [
      { role: "user", content: "Go." },
      { role: "assistant", content: [toolUse("a")] },
      { role: "user", content: [{ ...toolResult("a", content), is_error: true }] },
    ];
    for (const content of ["", [], [text(" ")]]) {
      expect(prepared({ messages: failed(content) }).messages).toEqual(failed("(no output)"));
    }
  });
});
