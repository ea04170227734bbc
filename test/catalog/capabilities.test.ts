import { expect, test } from "vitest";
import { cacheRatesOf, capabilitiesOf } from "../../src/catalog/capabilities.ts";

const M = 1_000_000;

/** protocol notes 4a.4 and 5.2: SAP name, context, longest answer, thinking, sampling, what `[1m]` unlocks. */
test.each<[string, number, number, string, string, number | undefined]>([
  ["anthropic--claude-4.8-opus", M, 128_000, "adaptive", "fixed", undefined],
  ["anthropic--claude-4.7-opus", M, 128_000, "adaptive", "fixed", undefined],
  ["anthropic--claude-4.6-opus", M, 128_000, "both", "one", undefined],
  ["anthropic--claude-4.6-sonnet", M, 64_000, "both", "one", undefined],
  ["anthropic--claude-4.5-opus", 200_000, 64_000, "budget", "one", undefined],
  ["anthropic--claude-4.5-sonnet", 200_000, 64_000, "budget", "one", M],
  ["anthropic--claude-4.5-haiku", 200_000, 64_000, "budget", "one", undefined],
  ["anthropic--claude-4-sonnet", 200_000, 64_000, "budget", "free", M],
  ["anthropic--claude-4-opus", 200_000, 32_000, "budget", "free", undefined],
  ["anthropic--claude-3.7-sonnet", 200_000, 64_000, "budget", "free", undefined],
  ["anthropic--claude-3.5-sonnet", 200_000, 8_192, "none", "free", undefined],
  ["anthropic--claude-3-haiku", 200_000, 4_096, "none", "free", undefined],
  ["anthropic--claude-3-sonnet", 200_000, 4_096, "none", "free", undefined],
  ["anthropic--claude-3-opus", 200_000, 4_096, "none", "free", undefined],
  // Not there yet: the newest rules of the family.
  ["anthropic--claude-4.10-opus", M, 128_000, "adaptive", "fixed", undefined],
  ["anthropic--claude-5-sonnet", M, 64_000, "adaptive", "fixed", undefined],
  ["anthropic--claude-6-haiku", 200_000, 64_000, "adaptive", "fixed", undefined],
  ["anthropic--claude-fable-5", M, 128_000, "adaptive", "fixed", undefined],
  ["anthropic--claude-opus", M, 128_000, "adaptive", "fixed", undefined],
])("%s", (model, contextWindow, maxOutputTokens, thinking, sampling, longContextWindow) => {
  const capabilities = capabilitiesOf(model);
  expect(capabilities).toMatchObject({
    family: "claude",
    contextWindow,
    maxOutputTokens,
    thinking,
    sampling,
  });
  expect(capabilities).toMatchObject({ images: true, tools: true });
  expect(capabilities.longContextWindow).toBe(longContextWindow);
  expect(capabilities.longContextBeta).toBe(longContextWindow && "context-1m-2025-08-07");
});

test.each<[string, string, number, number, string]>([
  ["gpt-4.1-nano", "gpt", 1_047_576, 32_768, "free"],
  ["gpt-4o-mini", "gpt", 128_000, 16_384, "free"],
  ["gpt-35-turbo", "gpt", 16_385, 4_096, "free"],
  ["gpt-realtime", "gpt", 32_000, 4_096, "free"],
  ["gemini-2.0-flash", "gemini", 1_048_576, 8_192, "free"],
  ["amazon--nova-pro", "nova", 300_000, 8_192, "free"],
  ["amazon--nova-micro", "nova", 128_000, 8_192, "free"],
  ["amazon--nova-premier", "nova", M, 10_000, "free"],
  ["amazon--titan-embed-text", "embedding", 8_192, 0, "free"],
  ["text-embedding-3-small", "embedding", 8_192, 0, "free"],
  ["gemini-embedding", "embedding", 8_192, 0, "free"],
  ["nvidia--llama-3.2-nv-embedqa-1b", "embedding", 8_192, 0, "free"],
  ["mistralai--mistral-medium-instruct", "mistral", 128_000, 128_000, "free"],
  ["mistralai--mixtral-8x7b-instruct-v01", "mistral", 32_768, 4_096, "free"],
  ["cohere--command-a-reasoning", "cohere", 256_000, 32_000, "free"],
  ["cohere-reranker", "cohere", 4_096, 0, "free"],
  ["sonar-pro", "perplexity", 200_000, 8_000, "free"],
  ["sonar", "perplexity", 128_000, 8_000, "free"],
  ["sap-abap-1", "other", 32_768, 4_096, "free"],
  ["some-maker--some-model", "other", 128_000, 8_192, "free"],
  ["", "other", 128_000, 8_192, "free"],
])("%s is of the family %s", (model, family, contextWindow, maxOutputTokens, sampling) => {
  expect(capabilitiesOf(model)).toMatchObject({
    family,
    contextWindow,
    maxOutputTokens,
    sampling,
    thinking: "none",
  });
});

/** The efforts that a reasoning model takes, and what else comes with them. */
test.each([
  ["gpt-5.6-sol", "gpt", 1_050_000, 128_000, "fixed", "none low medium high xhigh max"],
  ["gpt-5.5", "gpt", 1_050_000, 128_000, "fixed", "none low medium high xhigh"],
  ["gpt-5.4-nano", "gpt", 1_050_000, 128_000, "fixed", "none low medium high xhigh"],
  ["gpt-6", "gpt", 1_050_000, 128_000, "fixed", "none low medium high xhigh max"],
  ["gpt-5.3-codex", "gpt", 400_000, 128_000, "fixed", "low medium high xhigh"],
  ["gpt-5.2", "gpt", 400_000, 128_000, "fixed", "none low medium high"],
  ["gpt-5-mini", "gpt", 400_000, 128_000, "fixed", "minimal low medium high"],
  ["gpt-5", "gpt", 400_000, 128_000, "fixed", "minimal low medium high"],
  ["o4-mini", "gpt", 200_000, 100_000, "fixed", "low medium high"],
  ["mistralai--mistral-medium", "mistral", 262_144, 262_144, "free", "none high"],
])("%s reasons by an effort", (model, family, contextWindow, maxOutputTokens, sampling, efforts) => {
  const limits = { contextWindow, maxOutputTokens, sampling };
  expect(capabilitiesOf(model)).toMatchObject({ family, ...limits, thinking: "level", images: true });
  expect(capabilitiesOf(model).efforts?.join(" ")).toBe(efforts);
});

/** How Gemini is asked to think: by a budget between bounds up to 2.5, by a level from 3 on. */
test.each([
  ["gemini-2.5-pro", "budget", { least: 128, most: 32_768, canStop: false }],
  ["gemini-2.5-flash", "budget", { least: 1, most: 24_576, canStop: true }],
  ["gemini-2.5-flash-lite", "budget", { least: 512, most: 24_576, canStop: true }],
  ["gemini-3.5-flash", "level", undefined],
  ["gemini-9-ultra", "level", undefined],
])("%s thinks by %s", (model, thinking, thinkingBudget) => {
  const limits = { contextWindow: 1_048_576, maxOutputTokens: 65_536, sampling: "free", images: true };
  expect(capabilitiesOf(model)).toMatchObject({ family: "gemini", ...limits, thinking });
  expect(capabilitiesOf(model).thinkingBudget).toEqual(thinkingBudget);
});

test.each([
  ["anthropic--claude-4.5-sonnet", "Claude Sonnet 4.5"],
  ["anthropic--claude-3-haiku", "Claude Haiku 3"],
  ["gpt-5.3-codex", "GPT 5.3 Codex"],
  ["gemini-2.5-flash", "Gemini 2.5 Flash"],
  ["mistralai--mistral-medium-instruct", "Mistral Medium Instruct"],
])("%s is shown as %s", (model, displayName) => {
  expect(capabilitiesOf(model).displayName).toBe(displayName);
});

test.each([
  ["sonar", { images: false, tools: false }],
  ["gpt-5", { images: true, tools: true }],
  ["gemini-2.5-flash-image", { images: true, tools: false }],
  ["amazon--nova-micro", { images: false, tools: true }],
])("%s: %o", (model, traits) => {
  expect(capabilitiesOf(model)).toMatchObject(traits);
});

test.each([
  ["anthropic--claude-4.6-sonnet", 0.1, 1.25, 2],
  ["anthropic--claude-9-whatever", 0.1, 1.25, 2],
  ["gpt-5.5", 0.1, 1, 1],
  ["gpt-5-mini", 0.1, 1, 1],
  ["gpt-4.1", 0.25, 1, 1],
  ["gpt-4o", 0.5, 1, 1],
  ["gemini-3.5-flash", 0.1, 1, 1],
  ["amazon--nova-pro", 1, 1, 1],
  ["mistralai--mistral-medium", 1, 1, 1],
  ["", 1, 1, 1],
])("what cached tokens of %s cost", (model, read, write5m, write1h) => {
  expect(cacheRatesOf(model)).toEqual({ read, write5m, write1h });
});
