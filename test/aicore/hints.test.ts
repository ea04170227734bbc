import { expect, test } from "vitest";
import { readUpstreamError } from "../../src/aicore/errors.ts";
import { hintFor } from "../../src/aicore/hints.ts";
import { readTokenAnswer } from "../../src/aicore/token-answer.ts";
import { ApiError } from "../../src/errors.ts";

/** The refusals that people meet in their first hour, and a word of the sentence that helps. */
const FIRST_HOUR: [status: number, words: string, helps: RegExp][] = [
  [401, "tenant not found", /two different keys/],
  [404, "The subdomain does not map to a valid identity zone: zone 'x' not found", /sub-account/],
  [401, "invalid_client", /new service key/],
  [401, "unauthorized: Bad credentials", /new service key/],
  [403, "RBAC: access denied", /resource-groups list/],
  [401, "Jwt issuer is not configured", /do not belong together/],
  [401, "Jwt verification fails", /another tenant/],
  [403, "insufficient_scope: the token lacks aicore.deployment.read", /does not carry the right/],
  [403, "Missing required scope", /does not carry the right/],
  [404, "Scenario foundation-models not found", /`extended`/],
  [403, "Your service plan does not include this capability", /`extended`/],
  [429, "Quota exceeded for model gpt-5", /more quota/],
  [429, "Too many requests", /more quota/],
];

test.each(FIRST_HOUR)("%i %s", (status, words, helps) => {
  expect(hintFor(status, words)).toMatch(helps);
  expect(readUpstreamError(status, {}, words).hint).toMatch(helps);
});

test.each([
  "max_tokens: Field required",
  "messages.0: tool_use without tool_result",
  "Internal server error",
  "tools.0.name: unknown",
])("%s: nothing to add", (words) => {
  expect(hintFor(400, words)).toBeUndefined();
});

test.each<[number, object, RegExp]>([
  [401, { error: "unauthorized", error_description: "Bad credentials" }, /do not fit/],
  [400, { error: "invalid_client" }, /do not fit/],
  [401, { error: "unauthorized", error_description: "tenant not found" }, /two different keys/],
  [400, { error: "invalid_request", error_description: "tenant not found" }, /two different keys/],
  [401, { error: "unauthorized", error_description: "something else" }, /aicore login/],
])("the token service says %i %j", (status, body, helps) => {
  const read = () => readTokenAnswer({ status, headers: {} }, JSON.stringify(body), 0);
  expect(read).toThrow(ApiError);
  expect(read).toThrow(expect.objectContaining({ hint: expect.stringMatching(helps) }));
});
