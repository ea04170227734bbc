/** protocol.md 4a.4: which model takes which thinking and which sampling. */
import { describe, expect, test } from "vitest";
import { seal, sign } from "../../../src/sandbox/claude/signature.ts";
import {
  adaptive,
  assistant,
  body,
  budget,
  call,
  type Patch,
  result,
  text,
  thought,
  user,
} from "./bodies.ts";
import { check, type Row, refuses } from "./check.ts";

const OK = undefined;
const NO_ADAPTIVE = "adaptive thinking is not supported on this model";
const NO_BUDGET = '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive"';
const NO_THINKING = "thinking: Extended thinking is not supported on this model";
const NO_EFFORT = "output_config: This model does not support the effort parameter.";
const NOT_BOTH = "`temperature` and `top_p` cannot both be specified for this model.";
const FIXED = "is deprecated for this model.";

/** A row of 4a.4: what a model says to each form; OK is silence. */
const MODELS: [
  model: string,
  enabled: string | undefined,
  adaptive: string | undefined,
  effort: string | undefined,
  both: string | undefined,
  half: string | undefined,
][] = [
  // model       enabled       adaptive     effort     temperature+top_p  temperature 0.5
  ["3-haiku", NO_THINKING, NO_ADAPTIVE, NO_EFFORT, OK, OK],
  ["3.5-sonnet", NO_THINKING, NO_ADAPTIVE, NO_EFFORT, OK, OK],
  ["3.7-sonnet", OK, NO_ADAPTIVE, NO_EFFORT, OK, OK],
  ["4-sonnet", OK, NO_ADAPTIVE, NO_EFFORT, OK, OK],
  ["4-opus", OK, NO_ADAPTIVE, NO_EFFORT, OK, OK],
  ["4.5-haiku", OK, NO_ADAPTIVE, NO_EFFORT, NOT_BOTH, OK],
  ["4.5-sonnet", OK, NO_ADAPTIVE, NO_EFFORT, NOT_BOTH, OK],
  ["4.5-opus", OK, NO_ADAPTIVE, NO_EFFORT, NOT_BOTH, OK],
  ["4.6-sonnet", OK, OK, OK, NOT_BOTH, OK],
  ["4.6-opus", OK, OK, OK, NOT_BOTH, OK],
  ["4.7-opus", NO_BUDGET, OK, OK, FIXED, FIXED],
  ["4.8-opus", NO_BUDGET, OK, OK, FIXED, FIXED],
];

function expectVerdict(patch: Patch, model: string, complaint: string | undefined) {
  const attempt = () => check(body(patch), model);
  if (complaint === undefined) expect(attempt).not.toThrow();
  else expect(attempt).toThrow(complaint);
}

describe.each(MODELS)("%s", (model, enabled, adapts, effort, both, half) => {
  test("thinking enabled", () => expectVerdict({ thinking: budget(1_024) }, model, enabled));
  test("thinking adaptive", () => expectVerdict({ thinking: adaptive }, model, adapts));
  test("thinking disabled", () => expectVerdict({ thinking: { type: "disabled" } }, model, OK));
  test("effort", () => expectVerdict({ output_config: { effort: "medium" } }, model, effort));
  test("temperature and top_p", () => expectVerdict({ temperature: 1, top_p: 0.99 }, model, both));
  test("temperature 0.5", () => expectVerdict({ temperature: 0.5 }, model, half));
  test("temperature 1", () => expectVerdict({ temperature: 1 }, model, OK));
});

const thinks = (thinking: unknown, more: Patch = {}): Patch => ({ thinking, ...more });
const replay = (...blocks: unknown[]): Patch => ({
  messages: [user("a"), assistant(...blocks, text("b")), user("c")],
});

const REFUSED: Row[] = [
  [
    "a budget under 1024",
    thinks(budget(1_023)),
    "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024",
  ],
  [
    "a budget equal to max_tokens",
    thinks(budget(2_048)),
    "`max_tokens` must be greater than `thinking.budget_tokens`",
  ],
  ["no budget", thinks({ type: "enabled" }), "thinking.enabled.budget_tokens: Field required"],
  [
    "a budget with adaptive",
    thinks({ ...adaptive, budget_tokens: 2_000 }),
    "thinking.adaptive.budget_tokens: Extra inputs",
  ],
  [
    "display with adaptive",
    thinks({ ...adaptive, display: "updates" }),
    "thinking.adaptive.display: Extra inputs",
  ],
  [
    "display with a budget",
    thinks({ ...budget(1_024), display: "omitted" }),
    "thinking.enabled.display: Extra inputs",
  ],
  ["an unknown thinking type", thinks({ type: "auto" }), "thinking: Input tag 'auto'"],
  [
    "temperature while thinking",
    thinks(adaptive, { temperature: 0.5 }),
    "`temperature` may only be set to 1 when thinking is enabled",
  ],
  [
    "a small top_p while thinking",
    thinks(adaptive, { top_p: 0.9 }),
    "`top_p` must be greater than or equal to 0.95",
  ],
  ["top_k while thinking", thinks(adaptive, { top_k: 5 }), "`top_k` must be unset when thinking is enabled"],
  ["top_p on 4.8", { top_p: 0.99 }, "`top_p` is deprecated", "4.8-opus"],
  ["top_k on 4.8", { top_k: 5 }, "`top_k` is deprecated", "4.8-opus"],
  ["a temperature above 1", { temperature: 1.1 }, "temperature: Input should be less than or equal to 1"],
  [
    "any tool forced while thinking",
    thinks(adaptive, { tool_choice: { type: "any" } }),
    "Thinking may not be enabled when tool_choice forces tool use.",
  ],
  [
    "a named tool forced while thinking",
    thinks(budget(1_024), { tool_choice: { type: "tool", name: "Bash" } }),
    "Thinking may not be enabled when tool_choice forces tool use.",
    "4.5-sonnet",
  ],
  [
    "a foreign signature",
    replay(thought("Hm.", "RXhhbXBsZVNpZw==")),
    "messages.1.content.0: Invalid `signature` in `thinking` block",
  ],
  [
    "an altered thought",
    replay(thought("Hm!", sign("Hm."))),
    "messages.1.content.0: Invalid `signature` in `thinking` block",
  ],
  [
    "no signature",
    replay({ type: "thinking", thinking: "Hm." }),
    "messages.1.content.0.thinking.signature: Field required",
  ],
  [
    "altered redacted thinking",
    replay({ type: "redacted_thinking", data: `${seal("Hm.")}x` }),
    "Invalid `data` in `redacted_thinking` block",
  ],
  [
    "a budget, in a tool turn without thinking",
    thinks(budget(1_024), { messages: [user("a"), assistant(call()), user(result())] }),
    "messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`",
  ],
];

refuses("thinking and sampling", REFUSED);

const ACCEPTED: [name: string, patch: Patch, model?: string][] = [
  ["a budget just under max_tokens", thinks(budget(2_047))],
  ["top_p 0.95 while thinking", thinks(adaptive, { top_p: 0.95 })],
  ["temperature 1 while thinking", thinks(adaptive, { temperature: 1 })],
  ["a forced tool while thinking, on 4.8", thinks(adaptive, { tool_choice: { type: "any" } }), "4.8-opus"],
  ["redacted thinking as it came", replay({ type: "redacted_thinking", data: seal("Hm.") })],
];

test.each(ACCEPTED)("accepts %s", (_name, patch, model = "4.6-opus") => {
  expect(() => check(body(patch), model)).not.toThrow();
});
