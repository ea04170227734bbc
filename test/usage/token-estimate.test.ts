import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../src/hub/json.ts";
import { estimateInputTokens, TokenEstimator } from "../../src/usage/token-estimate.ts";

/** 3,500 bytes: 1,000 tokens. */
const TEXT = "x".repeat(3_500);
const PER_MESSAGE = 4;

const said = (content: Json): JsonObject => ({ messages: [{ role: "user", content }] });
const pdf = (bytes: number): JsonObject => ({
  type: "document",
  source: { type: "base64", media_type: "application/pdf", data: "A".repeat((bytes * 4) / 3) },
});

test.each<[string, JsonObject, number]>([
  ["nothing", {}, 0],
  ["a system text", { system: TEXT }, 1_000],
  [
    "system blocks",
    {
      system: [
        { type: "text", text: TEXT },
        { type: "text", text: TEXT },
      ],
    },
    2_000,
  ],
  ["a message", said(TEXT), 1_000 + PER_MESSAGE],
  ["text blocks", said([{ type: "text", text: TEXT }]), 1_000 + PER_MESSAGE],
  [
    "an image, whatever its bytes",
    said([{ type: "image", source: { type: "base64", data: TEXT } }]),
    1_600 + PER_MESSAGE,
  ],
  ["a small PDF", said([pdf(300)]), 2_500 + PER_MESSAGE],
  ["a PDF of 3 MB", said([pdf(3_000_000)]), 150_000 + PER_MESSAGE],
  [
    "a text document",
    said([{ type: "document", source: { type: "text", data: TEXT } }]),
    1_000 + PER_MESSAGE,
  ],
  [
    "thinking without its signature",
    said([{ type: "thinking", thinking: TEXT, signature: TEXT }]),
    1_000 + PER_MESSAGE,
  ],
  ["redacted thinking", said([{ type: "redacted_thinking", data: TEXT }]), PER_MESSAGE],
  ["a tool's result", said([{ type: "tool_result", tool_use_id: "t", content: TEXT }]), 1_000 + PER_MESSAGE],
  [
    "an image in a tool's result",
    said([{ type: "tool_result", tool_use_id: "t", content: [{ type: "image", source: {} }] }]),
    1_600 + PER_MESSAGE,
  ],
  ["a tool call", said([{ type: "tool_use", id: "t", name: "n", input: { a: TEXT } }]), 1_009 + PER_MESSAGE],
  ["tools", { tools: [{ name: "n", description: TEXT, input_schema: { type: "object" } }] }, 1_018],
  ["three bytes a character", said("語".repeat(1_000)), 858 + PER_MESSAGE],
  ["blocks that are none", said([null, 1, "x"]), PER_MESSAGE],
  ["messages that are none", { messages: "x", tools: null, system: 3 }, 0],
])("%s", (_, body, tokens) => {
  expect(estimateInputTokens(body)).toBe(tokens);
});

test("an estimate follows what the model's answers report", () => {
  const estimator = new TokenEstimator();
  const body = said(TEXT);
  expect(estimator.count("opus", body)).toBe(1_004);
  for (let answer = 0; answer < 30; answer++) estimator.observe("opus", estimateInputTokens(body), 1_255);
  expect(estimator.count("opus", body)).toBe(1_255);
  expect(estimator.count("haiku", body)).toBe(1_004);
});

test("one strange answer moves it a little, and never beyond half or double", () => {
  const estimator = new TokenEstimator();
  const body = said(TEXT);
  estimator.observe("opus", estimateInputTokens(body), 1_000_000);
  expect(estimator.factor("opus")).toBeCloseTo(1.3);
  for (let answer = 0; answer < 50; answer++) estimator.observe("opus", estimateInputTokens(body), 1_000_000);
  expect(estimator.factor("opus")).toBeCloseTo(2);
  for (let answer = 0; answer < 50; answer++) estimator.observe("opus", estimateInputTokens(body), 1);
  expect(estimator.factor("opus")).toBeCloseTo(0.5);
});

test.each([
  ["a short prompt", said("hi"), 500],
  ["no usage", said(TEXT), 0],
  ["a broken usage", said(TEXT), Number.NaN],
])("nothing is learned from %s", (_, body, reported) => {
  const estimator = new TokenEstimator();
  estimator.observe("opus", estimateInputTokens(body), reported);
  expect(estimator.factor("opus")).toBe(1);
});

test("after a few answers a model teaches only now and then", () => {
  let now = 0;
  const estimator = new TokenEstimator(() => now);
  const body = { messages: [{ role: "user", content: "x".repeat(4_000) }] };
  for (let answer = 0; answer < 5; answer++) {
    expect(estimator.wants("m")).toBe(true);
    estimator.observe("m", estimateInputTokens(body), 1_000);
  }
  expect([estimator.wants("m"), estimator.wants("other")]).toEqual([false, true]);
  now = 30_000;
  expect(estimator.wants("m")).toBe(true);
});
