/** What every model has in common: a limit it keeps, and an opinion on prefill. */
import { describe, expect, test } from "vitest";
import { CLAUDE_MODELS } from "../../../src/sandbox/models.ts";
import { assistant, body, user } from "./bodies.ts";
import { check } from "./check.ts";

const variants = Object.keys(CLAUDE_MODELS).map((name) => name.replace("anthropic--claude-", ""));
/** protocol.md 5.2. */
const LIMITS: Record<string, number> = {
  "3-haiku": 4_096,
  "3.5-sonnet": 8_192,
  "3.7-sonnet": 64_000,
  "4-opus": 32_000,
  "4.5-haiku": 64_000,
  "4.6-sonnet": 64_000,
  "4.6-opus": 128_000,
  "4.8-opus": 128_000,
};
/** protocol.md 4a.3. */
const NO_PREFILL = ["4.6-opus", "4.7-opus", "4.8-opus"];

describe.each(Object.entries(LIMITS))("%s", (model, limit) => {
  test(`answers with up to ${limit} tokens`, () => {
    expect(() => check(body({ max_tokens: limit }), model)).not.toThrow();
    expect(() => check(body({ max_tokens: limit + 1 }), model)).toThrow(
      `max_tokens: ${limit + 1} > ${limit}, which is the maximum allowed number of output tokens for`,
    );
  });
});

test.each(variants)("prefill on %s", (model) => {
  const attempt = () => check(body({ messages: [user("a"), assistant("{")] }), model);
  if (NO_PREFILL.includes(model)) expect(attempt).toThrow("does not support assistant message prefill");
  else expect(attempt).not.toThrow();
});
