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
const MODELS: [model: string, group: Group, cannot: string[]][] = [
  ["anthropic--claude-4.6-sonnet", "default", []],
  ["anthropic--claude-4.5-haiku", "default", []],
  ["gpt-5.5", "default", ["stop sequence"]],
  ["gpt-4.1", "default", []],
  ["gemini-2.5-pro", "default", []],
  ["gemini-3.5-flash", "default", []],
  ["amazon--nova-pro", "default", []],
  ["mistralai--mistral-medium", "default", []],
  ["sonar-pro", "default", ["tool round trip", "two parallel tools", "thinking replay", "structured output"]],
  ["anthropic--claude-4.6-sonnet", "harmonised", []],
  ["gpt-4o", "harmonised", []],
  ["gemini-2.5-pro", "harmonised", []],
];

/** Resource groups of the sandbox: deployments of their own, and one orchestration deployment for everything. */
const GROUPS = ["default", "harmonised"] as const;
type Group = (typeof GROUPS)[number];

const stacks = new Map<Group, Stack>();

beforeAll(async () => {
  for (const group of GROUPS) stacks.set(group, await startStack({ resourceGroup: group }));
});
afterEach(() => {
  for (const { sandbox } of stacks.values()) sandbox.faults.clear();
});
afterAll(async () => {
  for (const stack of stacks.values()) {
    expect(stack.sandbox.refused.map(({ refusal, body }) => ({ refusal, body: body.slice(0, 500) }))).toEqual(
      [],
    );
    await stack.close();
  }
});

function stackOf(group: Group): Stack {
  const stack = stacks.get(group);
  if (stack) return stack;
  throw new Error(`no stack for ${group}`);
}

describe.each(MODELS)("%s in %s", (model, group, cannot) => {
  describe.each(CLIENTS)("asked in %s", (wire) => {
    for (const [name, run] of Object.entries(CASES)) {
      test.skipIf([...cannot, ...(UNSAYABLE[wire] ?? [])].includes(name)).each([
        ["whole", false],
        ["streamed", true],
      ])(`${name}, %s`, async (_how, stream) => {
        await run(async (request) => {
          const told = await ask(stackOf(group), wire, { ...request, model, stream });
          expect(told.error).toBeUndefined();
          return told;
        });
      });
    }

    test.each([
      ["whole", false],
      ["streamed", true],
    ])("an error keeps its status, %s", async (_how, stream) => {
      stackOf(group).sandbox.faults.add({
        status: 429,
        headers: { "retry-after": "70" },
        body: { message: "Too many requests" },
      });
      const told = await ask(stackOf(group), wire, {
        model,
        stream,
        max_tokens: 10,
        messages: [{ role: "user", content: "hi" }],
      });
      expect(told).toMatchObject({ status: 429, error: expect.stringContaining("Too many requests") });
    });

    test("a stream that breaks never looks complete", async () => {
      stackOf(group).sandbox.faults.add({ afterEvents: 3, ending: "reset" });
      const messages = [
        { role: "user" as const, content: "Say: one two three four five six seven eight nine ten" },
      ];
      const told = await ask(stackOf(group), wire, { model, stream: true, max_tokens: 1_000, messages });
      expect(told.complete).toBe(false);
      expect(told.error).toBeDefined();
    });
  });
});
