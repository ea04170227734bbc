import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { bedrockClaude } from "../../src/upstreams/bedrock-claude/index.ts";
import {
  assistant,
  BODY,
  callFor,
  frozen,
  OPUS_46,
  SONNET_45,
  text,
  toolResult,
  toolUse,
  user,
} from "./request.ts";

const FROM_BEDROCK = "The model returned the following errors: ";
const BETAS = ["effort-2025-11-24", "compact-2026-01-12", "context-1m-2025-08-07"];
const learn = (message: string, learned: string[] = [], status = 400) =>
  bedrockClaude.learn(status, message, callFor(SONNET_45, { betas: BETAS, learned: new Set(learned) }));

describe("learning from a refusal", () => {
  test.each([
    ["invalid beta flag", "beta:*"],
    [`${FROM_BEDROCK}invalid beta flag`, "beta:*"],
    [
      "Unexpected value(s) `effort-2025-11-24` for the `anthropic-beta` header. Please consult our documentation.",
      "beta:effort-2025-11-24",
    ],
    [
      "Unexpected value(s) `effort-2025-11-24`, `compact-2026-01-12` for the `anthropic-beta` header",
      "beta:*",
    ],
    [`${FROM_BEDROCK}context_management: Extra inputs are not permitted`, "field:context_management"],
    ["tools.0.custom.foo: Extra inputs are not permitted", "field:tools.*.custom.foo"],
    [
      "tools.12.custom.cache_control.ephemeral.scope: Extra inputs are not permitted",
      "field:tools.*.custom.cache_control.ephemeral.scope",
    ],
    [
      "messages.3.content.0.tool_result.content.1.text.foo: Extra inputs are not permitted",
      "field:messages.*.content.*.tool_result.content.*.text.foo",
    ],
    ["messages.1.output_config: Extra inputs are not permitted", "field:messages.*.output_config"],
    [
      "Malformed input request: #: extraneous key [top_k] is not permitted, please reformat your input and try again.",
      "field:top_k",
    ],
    [
      "Malformed input request: #/tools/1: extraneous key [foo] is not permitted, please reformat your input",
      "field:tools.*.foo",
    ],
    ["adaptive thinking is not supported on this model", "thinking:budget"],
    [
      "thinking: Input tag 'adaptive' found using 'type' does not match any of the expected tags",
      "thinking:budget",
    ],
    [
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive"',
      "thinking:adaptive",
    ],
    [
      "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
      "field:top_p",
    ],
    ["temperature is deprecated for this model.", "field:temperature"],
    ["messages: Extra inputs are not permitted", undefined],
    ["max_tokens: Extra inputs are not permitted", undefined],
    ["anthropic_version: Extra inputs are not permitted", undefined],
    ["messages.1.content: Extra inputs are not permitted", undefined],
    ["messages.1.content.0.text.text: Extra inputs are not permitted", undefined],
    ["messages.1.content.0.tool_use.input: Extra inputs are not permitted", undefined],
    ["tools.0.custom.input_schema: Extra inputs are not permitted", undefined],
    ["max_tokens: Field required", undefined],
    ["prompt is too long: 210000 tokens > 200000 maximum", undefined],
    ["Unexpected value(s) `never-sent-2026-01-01` for the `anthropic-beta` header", undefined],
  ])("%s → %s", (message, key) => {
    expect(learn(message)).toBe(key);
  });

  test("only a 400 teaches", () => {
    expect(learn("invalid beta flag", [], 500)).toBeUndefined();
  });

  test("what did not help is not learned twice; after the others the core is tried without", () => {
    expect(learn("foo: Extra inputs are not permitted", ["field:foo"])).toBeUndefined();
    expect(learn("invalid beta flag", ["beta:*"])).toBe("beta:context-1m-2025-08-07");
    expect(learn("invalid beta flag", ["beta:*", "beta:context-1m-2025-08-07"])).toBeUndefined();
  });
});

describe("fields that were refused", () => {
  const drop = (body: JsonObject, ...paths: string[]) => {
    const call = callFor(OPUS_46, { learned: new Set(paths.map((path) => `field:${path}`)) });
    return { body: bedrockClaude.prepare(frozen({ ...BODY, ...body }), call), notes: call.notes };
  };
  const marked = { type: "ephemeral", ttl: "1h" };

  test("go from wherever the path's variants and indexes lead", () => {
    const { body, notes } = drop(
      {
        top_k: 5,
        system: [{ ...text("S"), cache_control: marked }],
        messages: [
          user(text("Go.")),
          assistant(toolUse("a")),
          user({ ...toolResult("a", [text("1")]), is_error: false }),
        ],
      },
      "top_k",
      "system.*.cache_control.ephemeral.ttl",
      "messages.*.content.*.tool_result.is_error",
      "tools.*.custom.description",
      "nothing.like.it",
    );
    expect(body).not.toHaveProperty("top_k");
    expect(body).toMatchObject({ system: [{ cache_control: { type: "ephemeral" } }] });
    expect(JSON.stringify(body)).not.toMatch(/ttl|is_error|Reads a file/);
    expect(notes).toHaveLength(4);
  });

  test("leave blocks of another type, and messages without them, untouched", () => {
    const messages = [
      user({ ...text("A"), citations: [] }),
      assistant({ ...toolUse("a") }),
      user(toolResult("a")),
    ];
    const out = drop({ messages }, "messages.*.content.*.tool_use.citations").body.messages;
    expect(out).toBe(messages);
  });

  test("a member named like its type is read as the type", () => {
    const { body } = drop(
      { messages: [user({ ...text("A"), citations: [] })] },
      "messages.*.content.*.text.citations",
    );
    expect(body.messages).toEqual([user(text("A"))]);
  });
});
