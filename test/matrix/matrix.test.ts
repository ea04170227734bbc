/** Every client dialect onto every family, streamed and whole: the promise of docs/dialects.md. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { WireName } from "../../src/hub/wire.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { CASES } from "./cases.ts";
import { ask } from "./client.ts";

const CLIENTS: WireName[] = ["anthropic", "openai-chat", "openai-responses", "gemini"];

/** What a dialect has no words for. */
const UNSAYABLE: Partial<Record<WireName, string[]>> = { "openai-responses": ["stop sequence"] };

/** One model of each family, and the cases that it cannot do: docs/dialects.md says why. */
const MODELS: [model: string, cannot: string[]][] = [
  ["anthropic--claude-4.6-sonnet", []],
  ["anthropic--claude-4.5-haiku", []],
  ["gpt-5.5", ["stop sequence"]],
  ["gpt-4.1", []],
  ["gemini-2.5-pro", []],
  ["gemini-3.5-flash", []],
  ["amazon--nova-pro", []],
  ["mistralai--mistral-medium", []],
  ["sonar-pro", ["tool round trip", "two parallel tools", "thinking replay", "structured output"]],
];

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});
afterEach(() => stack.sandbox.faults.clear());
afterAll(async () => {
  expect(
    stack.sandbox.refused.map(({ refusal, path, body }) => ({ refusal, path, body: body.slice(0, 500) })),
  ).toEqual([]);
  await stack.close();
});

describe.each(MODELS)("%s", (model, cannot) => {
  describe.each(CLIENTS)("asked in %s", (wire) => {
    for (const [name, run] of Object.entries(CASES)) {
      test.skipIf([...cannot, ...(UNSAYABLE[wire] ?? [])].includes(name)).each([
        ["whole", false],
        ["streamed", true],
      ])(`${name}, %s`, async (_how, stream) => {
        await run(async (request) => {
          const told = await ask(stack, wire, { ...request, model, stream });
          expect(told.error).toBeUndefined();
          return told;
        });
      });
    }

    test.each([
      ["whole", false],
      ["streamed", true],
    ])("an error keeps its status, %s", async (_how, stream) => {
      stack.sandbox.faults.add({
        status: 429,
        headers: { "retry-after": "7" },
        body: { message: "Too many requests" },
      });
      const told = await ask(stack, wire, {
        model,
        stream,
        max_tokens: 10,
        messages: [{ role: "user", content: "hi" }],
      });
      expect(told).toMatchObject({ status: 429, error: expect.stringContaining("Too many requests") });
    });

    test("a stream that breaks never looks complete", async () => {
      stack.sandbox.faults.add({ afterEvents: 3, ending: "reset" });
      const messages = [
        { role: "user" as const, content: "Say: one two three four five six seven eight nine ten" },
      ];
      const told = await ask(stack, wire, { model, stream: true, max_tokens: 1_000, messages });
      expect(told.complete).toBe(false);
      expect(told.error).toBeDefined();
    });
  });
});
