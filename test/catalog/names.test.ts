import { expect, test } from "vitest";
import { compareNames, compareVersions, parseModelName } from "../../src/catalog/names.ts";

/** protocol notes 5.3 and what clients were seen to send: every spelling, and the one key that it means. */
const CLAUDE: [string, string][] = [
  ["claude-opus-4-8", "claude-opus-4-8"],
  ["claude-opus-4-6", "claude-opus-4-6"],
  ["claude-opus-4-6[1m]", "claude-opus-4-6"],
  ["Claude-Opus-4-6[1M]", "claude-opus-4-6"],
  ["claude-opus-4.6", "claude-opus-4-6"],
  ["claude-4.6-opus", "claude-opus-4-6"],
  ["claude-4-6-opus", "claude-opus-4-6"],
  ["anthropic--claude-4.6-opus", "claude-opus-4-6"],
  ["anthropic/claude-opus-4.6", "claude-opus-4-6"],
  ["claude-opus-4-5-20251101", "claude-opus-4-5"],
  ["claude-opus-4-1-20250805", "claude-opus-4-1"],
  ["claude-opus-4-20250514", "claude-opus-4"],
  ["claude-opus-4-0", "claude-opus-4"],
  ["claude-opus-4-10", "claude-opus-4-10"],
  ["anthropic--claude-4-sonnet", "claude-sonnet-4"],
  ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5"],
  ["claude-sonnet-4-20250514", "claude-sonnet-4"],
  ["claude-sonnet-4-0", "claude-sonnet-4"],
  ["claude-sonnet-5-5", "claude-sonnet-5-5"],
  ["claude-haiku-4-5-20251001", "claude-haiku-4-5"],
  ["claude-3-7-sonnet-20250219", "claude-sonnet-3-7"],
  ["claude-3-7-sonnet-latest", "claude-sonnet-3-7"],
  ["claude-3-5-sonnet-20241022", "claude-sonnet-3-5"],
  ["claude-3-5-haiku-20241022", "claude-haiku-3-5"],
  ["claude-3-opus-20240229", "claude-opus-3"],
  ["claude-3-haiku-20240307", "claude-haiku-3"],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"],
  ["eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"],
  ["apac.anthropic.claude-3-5-sonnet-20241022-v2:0", "claude-sonnet-3-5"],
  ["global.anthropic.claude-opus-4-6-v1", "claude-opus-4-6"],
  ["us-gov.anthropic.claude-3-haiku-20240307-v1:0", "claude-haiku-3"],
  ["anthropic.claude-opus-4-6-v1:0", "claude-opus-4-6"],
  ["arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-opus-4-6-v1:0", "claude-opus-4-6"],
  ["claude-sonnet-4-5@20250929", "claude-sonnet-4-5"],
  ["claude-3-5-sonnet-v2@20241022", "claude-sonnet-3-5"],
  ["claude-fable-5", "claude-fable-5"],
];

test.each(CLAUDE)("%s is %s", (requested, key) => {
  expect(parseModelName(requested)).toMatchObject({ kind: "claude", key });
});

test.each([
  ["opus", "opus"],
  ["opus[1m]", "opus"],
  ["Sonnet", "sonnet"],
  ["haiku", "haiku"],
  ["default", "opus"],
  ["best", "opus"],
  ["opusplan", "sonnet"],
  ["claude-sonnet-latest", "sonnet"],
  ["claude-opus", "opus"],
])("%s is the newest %s", (requested, variant) => {
  expect(parseModelName(requested)).toMatchObject({ kind: "family", variant });
});

const OTHER: [string, string][] = [
  ["gpt-5", "gpt-5"],
  ["gpt-5-2025-08-07", "gpt-5"],
  ["openai/gpt-5", "gpt-5"],
  ["gpt-5-codex", "gpt-5-codex"],
  ["gpt-4o-2024-11-20", "gpt-4o"],
  ["chatgpt-4o-latest", "gpt-4o"],
  ["models/gemini-2.5-pro", "gemini-2.5-pro"],
  ["gemini-2.5-pro-preview-05-06", "gemini-2.5-pro"],
  ["gemini-2.5-flash-lite-preview-06-17", "gemini-2.5-flash-lite"],
  ["gemini-2.5-flash-preview-09-2025", "gemini-2.5-flash"],
  ["gemini-3-pro-preview", "gemini-3-pro-preview"],
  ["text-embedding-ada-002", "text-embedding-ada-002"],
  ["text-embedding-3-small", "text-embedding-3-small"],
  ["amazon--nova-pro", "nova-pro"],
  ["us.amazon.nova-pro-v1:0", "nova-pro"],
  ["mistralai--mistral-medium-instruct", "mistral-medium-instruct"],
  ["o3-mini", "o3-mini"],
  ["claude-2.1", "claude-2.1"],
  ["constructor", "constructor"],
  ["models/", "models/"],
  ["", ""],
];

test.each(OTHER)("'%s' is '%s'", (requested, key) => {
  expect(parseModelName(requested)).toEqual({ kind: "other", key, longContext: false });
});

test.each([
  ["claude-sonnet-4-5[1m]", true],
  ["sonnet[1M]", true],
  ["gpt-5[1m]", true],
  ["claude-sonnet-4-5", false],
  ["[1m]claude", false],
])("%s asks for the long context: %s", (requested, longContext) => {
  expect(parseModelName(requested).longContext).toBe(longContext);
});

test.each([
  [[4, 10], [4, 9], 1],
  [[4], [4, 1], -1],
  [[5], [4, 8], 1],
  [[4], [4, 0], 0],
])("version %j against %j: %i", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});

test("names are in order, their numbers by what they are worth", () => {
  const inOrder = ["claude-4-opus", "claude-4.5-haiku", "claude-4.10-haiku", "gpt-4", "gpt-4o", "gpt-32"];
  expect(inOrder.toReversed().sort(compareNames)).toEqual(inOrder);
  expect(compareNames("gpt-4", "gpt-4")).toBe(0);
});
