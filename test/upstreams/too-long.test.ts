import { expect, test } from "vitest";
import { capabilitiesOf } from "../../src/catalog/capabilities.ts";
import { ApiError } from "../../src/errors.ts";
import { explainTooLong } from "../../src/upstreams/bedrock-claude/too-long.ts";
import type { Call } from "../../src/upstreams/types.ts";

const LONG = "context-1m-2025-08-07";

function callOf(model: string, betas: string[]): Call {
  return { model, stream: true, capabilities: capabilitiesOf(model), betas, learned: new Set(), note() {} };
}

test.each<[model: string, betas: string[], status: number, said: string, told: string]>([
  [
    "anthropic--claude-4.5-haiku",
    [],
    400,
    "Input is too long for requested model.",
    "prompt is too long: 250000 tokens > 200000 maximum (Input is too long for requested model.)",
  ],
  [
    "anthropic--claude-4.5-sonnet",
    [LONG],
    400,
    "Input is too long for requested model.",
    "prompt is too long: 1000001 tokens > 1000000 maximum (Input is too long for requested model.)",
  ],
  [
    "anthropic--claude-4.5-haiku",
    [],
    400,
    "prompt is too long: 201000 tokens > 200000 maximum",
    "prompt is too long: 201000 tokens > 200000 maximum",
  ],
  ["anthropic--claude-4.5-haiku", [], 400, "max_tokens: Field required", "max_tokens: Field required"],
  [
    "anthropic--claude-4.5-haiku",
    [],
    500,
    "Input is too long for requested model.",
    "Input is too long for requested model.",
  ],
])("%s with %j: %i %s", (model, betas, status, said, told) => {
  const error = new ApiError(status, said, { origin: "upstream" });
  const explained = explainTooLong(error, callOf(model, betas), 250_000);
  expect(explained).toMatchObject({ status, message: told, origin: "upstream" });
});
