/** The models that a key may use: in SAP's words or its client's, whatever else a name could be read as. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask } from "../support/questions.ts";
import { limitedKey } from "../support/spending.ts";
import { type Stack, startStack } from "../support/stack.ts";

const SONNET = "anthropic--claude-4.5-sonnet";
const HAIKU = "anthropic--claude-4.5-haiku";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  stack.catalog.useAliases({ fast: HAIKU, "house/*": SONNET }, false);
});
afterAll(() => stack.close());

/** Puts one key in force, and asks with it. */
function withKey(...models: string[]) {
  stack.proxy.useKeys([limitedKey("ci", { models })]);
  const headers = { "x-api-key": "ci" };
  return {
    ask: (model: string) => stack.post("/v1/messages", ask("hello", { model }), headers),
    post: (path: string, body: unknown) => stack.post(path, body, headers),
    get: (path: string, more: Record<string, string> = {}) => stack.get(path, { ...headers, ...more }),
  };
}

const inferences = () => stack.sandbox.requests.filter(({ kind }) => kind === "inference").length;

test.each<[pattern: string, asked: string]>([
  [SONNET, SONNET],
  [SONNET, "claude-sonnet-4-5"],
  [SONNET, "claude-sonnet-4-5-20250929"],
  ["claude-sonnet-4-5", SONNET],
  ["claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20250929"],
  ["claude-sonnet-4-5-20250929", SONNET],
  ["CLAUDE-SONNET-*", "Claude-Sonnet-4-5"],
  ["*sonnet*", SONNET],
  ["sonnet", "sonnet"],
  ["sonnet", SONNET],
  ["sonnet", "claude-sonnet-4-5"],
  ["sonnet", "claude-sonnet-4-5[1m]"],
  ["claude-sonnet-5-7", "claude-sonnet-5-7"],
  ["claude-sonnet-5*", "claude-sonnet-5-7"],
  ["anthropic--*", HAIKU],
  ["*", "claude-haiku-4-5"],
  ["fast", "fast"],
  ["house/*", "house/anything"],
])("a key for '%s' may ask for %s", async (pattern, asked) => {
  expect((await withKey("gpt-nothing", pattern).ask(asked)).status).toBe(200);
});

test.each<[pattern: string, asked: string]>([
  [SONNET, HAIKU],
  [SONNET, "haiku"],
  [SONNET, "claude-sonnet-5-7"],
  ["claude-sonnet-4-5", "claude-sonnet-5-7"],
  ["haiku", "sonnet"],
  ["haiku", "default"],
  ["claude-haiku*", "claude-haiku/sonnet"],
  ["claude-haiku*", "claude-haiku/anthropic--claude-4.5-sonnet"],
  ["haiku*", "haiku/opus"],
  ["*haiku*", "haiku.claude/sonnet"],
  ["gpt*", "gpt-/claude-sonnet-4-5"],
  ["fast", HAIKU],
  ["sonnet.", "sonnetx"],
  ["c", SONNET],
])("a key for '%s' may not ask for %s", async (pattern, asked) => {
  const before = inferences();
  const refused = await withKey(pattern).ask(asked);
  expect(refused.status).toBe(403);
  expect(refused.headers.get("x-should-retry")).toBe("false");
  expect(await refused.json()).toMatchObject({
    error: {
      type: "permission_error",
      message: `Key 'ci' may not use model '${asked}'. It may use: ${pattern}.`,
    },
  });
  expect(inferences()).toBe(before);
});

describe("a key for Haiku", () => {
  test.each<[path: string, body: unknown, shape: object]>([
    [
      "/v1/chat/completions",
      { model: "sonnet", messages: [{ role: "user", content: "a" }] },
      { error: { code: "model_not_allowed" } },
    ],
    ["/v1/responses", { model: "sonnet", input: "a" }, { error: { code: "model_not_allowed" } }],
    [
      "/v1/embeddings",
      { model: "text-embedding-3-small", input: "a" },
      { error: { code: "model_not_allowed" } },
    ],
    [
      "/v1beta/models/gemini-2.5-flash:generateContent",
      { contents: [{ role: "user", parts: [{ text: "a" }] }] },
      { error: { code: 403, status: "PERMISSION_DENIED" } },
    ],
    ["/v1/messages/count_tokens", ask("a", { model: "sonnet" }), { error: { type: "permission_error" } }],
  ])("gets 403 from %s", async (path, body, shape) => {
    const refused = await withKey("haiku").post(path, body);
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject(shape);
  });

  test("sees Haiku alone, in three shapes", async () => {
    const { get } = withKey("haiku");
    const list = async (path: string, more = {}) => JSON.stringify(await (await get(path, more)).json());
    for (const text of [
      await list("/v1/models"),
      await list("/v1/models", { "anthropic-version": "2023-06-01" }),
      await list("/v1beta/models"),
    ]) {
      expect(text).toContain(HAIKU);
      expect(text).not.toMatch(/sonnet|opus|gpt|gemini|embedding/);
    }
    expect((await get("/v1/models/haiku")).status).toBe(200);
    expect((await get("/v1/models/sonnet")).status).toBe(403);
  });

  test("is not told what else is deployed", async () => {
    const { get, ask: askFor } = withKey("haiku", "gpt-9*");
    for (const [answer, status] of [
      [await askFor("nothing-like-this"), 403],
      [await askFor("gpt-9-mini"), 404],
      [await get("/v1/models/gpt-9"), 404],
    ] as const) {
      expect(answer.status).toBe(status);
      expect(await answer.text()).not.toMatch(/sonnet|opus|gemini/);
    }
  });
});
