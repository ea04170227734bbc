/** What a Gemini deployment answers: parts, signatures, usage, framing, errors (protocol.md 4c, 6.1). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isObject, type Json, type JsonObject } from "../../../src/hub/json.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { Client, eventsIn } from "../client.ts";
import {
  answer,
  body,
  config,
  declaration,
  declares,
  FLASH_25,
  FLASH_35,
  model,
  PRO_25,
  said,
  text,
  user,
} from "./bodies.ts";

const SHELL = declares(
  declaration({
    name: "run_shell_command",
    parametersJsonSchema: {
      type: "OBJECT",
      properties: { command: { type: "STRING" } },
      required: ["command"],
    },
  }),
);
const run = said(user(text("Run the command `cat nonce.txt`.")));
const SHOWN = config({ thinkingConfig: { includeThoughts: true } });

let sandbox: Sandbox;
let client: Client;
beforeAll(async () => {
  sandbox = await startSandbox();
  client = await Client.of(sandbox);
});
afterAll(() => sandbox.close());

async function post(name: string, method: string, patch = {}, path = name) {
  const id = await client.deploymentOf(name);
  const url = `/inference/deployments/${id}/models/${path}:${method}`;
  return client.call(url, { method: "POST", body: body(patch) });
}
const generate = async (name: string, patch = {}) => (await post(name, "generateContent", patch)).json;
const stream = async (name: string, patch = {}) =>
  eventsIn((await post(name, "streamGenerateContent?alt=sse", patch)).text);
const candidateOf = ({ candidates }: JsonObject): JsonObject => {
  const first: Json | undefined = Array.isArray(candidates) ? candidates[0] : undefined;
  return isObject(first) ? first : {};
};
const partsOf = (event: JsonObject): JsonObject[] => {
  const { content } = candidateOf(event);
  return isObject(content) && Array.isArray(content.parts) ? content.parts.filter(isObject) : [];
};

describe("a whole answer", () => {
  test("text, finish, usage", async () => {
    const answered = await generate(FLASH_25);
    expect(answered).toMatchObject({
      candidates: [
        {
          content: { role: "model", parts: [{ text: expect.stringContaining("hello") }] },
          finishReason: "STOP",
        },
      ],
      modelVersion: FLASH_25,
      responseId: expect.any(String),
    });
    const usage = answered.usageMetadata as Record<string, number>;
    const { promptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = usage;
    expect(thoughtsTokenCount).toBeGreaterThan(0);
    expect(usage.totalTokenCount).toBe(promptTokenCount + candidatesTokenCount + thoughtsTokenCount);
  });

  test("a call with its signature, which it takes back", async () => {
    const called = partsOf(await generate(FLASH_35, { ...SHELL, ...run }));
    expect(called.at(-1)).toEqual({
      functionCall: { name: "run_shell_command", args: { command: "cat nonce.txt" } },
      thoughtSignature: expect.any(String),
    });
  });

  test("thoughts are shown to who asks, and none are thought at a budget of 0", async () => {
    expect(partsOf(await generate(PRO_25, SHOWN))[0]).toMatchObject({ thought: true });
    expect(partsOf(await generate(PRO_25))[0]).not.toHaveProperty("thought");
    const still = await generate(FLASH_25, config({ thinkingConfig: { thinkingBudget: 0 } }));
    expect(still.usageMetadata).not.toHaveProperty("thoughtsTokenCount");
  });

  test("JSON in the schema that was asked for", async () => {
    const schema = { type: "OBJECT", properties: { score: { type: "INTEGER" } }, required: ["score"] };
    const asked = {
      tools: undefined,
      ...config({ responseMimeType: "application/json", responseJsonSchema: schema }),
    };
    expect(partsOf(await generate(FLASH_25, asked))).toMatchObject([{ text: '{"score":1}' }]);
  });

  test("cut at maxOutputTokens", async () => {
    expect(candidateOf(await generate(FLASH_25, config({ maxOutputTokens: 2 })))).toMatchObject({
      finishReason: "MAX_TOKENS",
    });
  });

  test("the second request of a conversation finds its beginning in the cache", async () => {
    const first = said(user(text("a long beginning ".repeat(40))));
    await generate(PRO_25, first);
    const next = said(...(first.contents as Json[]), model(text("Yes.")), user(text("Go on.")));
    const { cachedContentTokenCount: cached, promptTokenCount: prompt } = (await generate(PRO_25, next))
      .usageMetadata as Record<string, number>;
    expect(cached).toBeGreaterThan(100);
    expect(prompt).toBeGreaterThan(cached ?? 0);
  });
});

describe("a stream", () => {
  test("bare data lines: head, thoughts, calls whole, and the finish with the usage last", async () => {
    const events = await stream(FLASH_35, { ...SHELL, ...run, ...SHOWN });
    expect(events[0]).not.toHaveProperty("candidates");
    const parts = events.flatMap(partsOf);
    expect(parts.filter(({ thought }) => thought === true).length).toBeGreaterThan(1);
    expect(parts.filter(({ functionCall }) => functionCall)).toHaveLength(1);
    expect(events.filter((event) => candidateOf(event).finishReason)).toEqual([events.at(-1)]);
    expect(events.at(-1)).toMatchObject({ usageMetadata: { totalTokenCount: expect.any(Number) } });
  });

  test("on 3.x the signature of a text is on the last, empty part", async () => {
    const [last] = partsOf((await stream(FLASH_35)).at(-1) ?? {});
    expect(last).toEqual({ text: "", thoughtSignature: expect.any(String) });
  });

  test("results are retold", async () => {
    const history = said(
      ...(run.contents as Json[]),
      model({ functionCall: { name: "run_shell_command", args: {} } }),
      user(answer("run_shell_command", { output: "NONCE_ab12" })),
    );
    const events = await stream(FLASH_25, { ...SHELL, ...history });
    expect(
      events
        .flatMap(partsOf)
        .map(({ text: words = "" }) => words)
        .join(""),
    ).toContain("NONCE_ab12");
  });
});

describe("errors", () => {
  test("in Vertex's shape, and in the log of refusals", async () => {
    const refused = await post(PRO_25, "generateContent", { model: "x" });
    expect(refused.status).toBe(400);
    expect(refused.json).toEqual({
      error: {
        code: 400,
        message: expect.stringContaining('Unknown name "model"'),
        status: "INVALID_ARGUMENT",
      },
    });
    expect(sandbox.refused.at(-1)?.refusal).toContain('Unknown name "model"');
  });

  test("another model's name in the path", async () => {
    const { status, json } = await post(PRO_25, "generateContent", {}, FLASH_25);
    expect([status, json.error]).toEqual([
      400,
      expect.objectContaining({ message: `Model '${FLASH_25}' is not allowed, supported model: ${PRO_25}.` }),
    ]);
  });

  test.each(["streamGenerateContent", "countTokens", "generateContent?alt=sse"])(
    "no path %s",
    async (method) => {
      expect(await post(PRO_25, method)).toMatchObject({ status: 404, text: "Subpath not allowed" });
    },
  );
});
