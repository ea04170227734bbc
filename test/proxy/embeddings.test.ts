/** Embeddings in both dialects, onto every host that makes them. */
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/hub/json.ts";
import { DEFAULT_TENANT } from "../../src/sandbox/default-tenant.ts";
import { vectorOf } from "../../src/sandbox/embeddings/vectors.ts";
import { KEY, type Stack, startStack } from "../support/stack.ts";

const NVIDIA = "nvidia--llama-3.2-nv-embedqa-1b";
const SIZES: [string, number][] = [
  ["text-embedding-3-small", 1_536],
  ["amazon--titan-embed-text", 1_024],
  ["gemini-embedding", 3_072],
  [NVIDIA, 2_048],
];
/** More than are asked for at a time. */
const TEXTS = Array.from({ length: 20 }, (_, index) => `text ${index}`);

let stack: Stack;
let orchestrated: Stack;
let client: OpenAI;
beforeAll(async () => {
  const deployments = [...DEFAULT_TENANT, { model: NVIDIA, executable: "aicore-nvidia" }];
  stack = await startStack({ sandbox: { deployments } });
  orchestrated = await startStack({ resourceGroup: "harmonised" });
  client = new OpenAI({ baseURL: `${stack.proxy.url}/v1`, apiKey: KEY, maxRetries: 0 });
});
beforeEach(() => {
  stack.sandbox.faults.clear();
  stack.sandbox.requests.length = 0;
});
afterAll(async () => {
  expect([...stack.sandbox.refused, ...orchestrated.sandbox.refused]).toEqual([]);
  await stack.close();
  await orchestrated.close();
});

const sent = ({ sandbox }: Stack = stack) =>
  sandbox.requests.filter(({ kind }) => kind === "inference").map(({ body }) => JSON.parse(body));

describe.each(SIZES)("OpenAI's SDK on %s", (model, size) => {
  test("a text, in the SDK's own base64", async () => {
    const { data, usage, ...rest } = await client.embeddings.create({ model, input: "hello", user: "u" });
    expect(rest).toMatchObject({ object: "list", model });
    expect(data).toEqual([{ object: "embedding", index: 0, embedding: vectorOf("hello", size) }]);
    expect(usage).toEqual({ prompt_tokens: 2, total_tokens: 2 });
  });

  test("many texts, in order, with the usage of all", async () => {
    const { data, usage } = await client.embeddings.create({ model, input: TEXTS, encoding_format: "float" });
    expect(data.map(({ embedding }) => embedding)).toEqual(TEXTS.map((text) => vectorOf(text, size)));
    expect(data.map(({ index }) => index)).toEqual(TEXTS.map((_, index) => index));
    expect(usage.prompt_tokens).toBe(2 * TEXTS.length);
  });

  test("Gemini's dialect", async () => {
    const requests = ["a", "b"].map((text) => ({
      model: `models/${model}`,
      content: { parts: [{ text }] },
      taskType: "RETRIEVAL_QUERY",
    }));
    const one = await stack.post(`/v1beta/models/${model}:embedContent`, requests[0]);
    expect(await one.json()).toEqual({
      embedding: { values: vectorOf("a", size) },
      usageMetadata: { promptTokenCount: 1 },
    });
    const batch = await stack.post(`/v1beta/models/${model}:batchEmbedContents`, { requests });
    expect(await batch.json()).toEqual({
      embeddings: [{ values: vectorOf("a", size) }, { values: vectorOf("b", size) }],
      usageMetadata: { promptTokenCount: 2 },
    });
  });
});

describe("what each host is told", () => {
  test("tokens and dimensions, for OpenAI's models", async () => {
    const { data } = await client.embeddings.create({
      model: "text-embedding-3-small",
      input: [[1, 2], [3]],
      dimensions: 8,
    });
    expect(data.map(({ embedding }) => embedding)).toEqual([vectorOf([1, 2], 8), vectorOf([3], 8)]);
    expect(sent()).toEqual([{ input: [[1, 2], [3]], dimensions: 8, encoding_format: "float" }]);
    await client.embeddings.create({ model: "text-embedding-3-small", input: [7, 8] });
    expect(sent()[1]).toMatchObject({ input: [[7, 8]] });
  });

  test("purpose, title and length, for Gemini", async () => {
    const body = {
      content: { parts: [{ text: "a" }, { text: "b" }] },
      taskType: "RETRIEVAL_DOCUMENT",
      title: "T",
      outputDimensionality: 4,
    };
    const answer = await stack.post("/v1beta/models/gemini-embedding:embedContent", body);
    expect(((await answer.json()) as { embedding: { values: number[] } }).embedding.values).toHaveLength(4);
    const instance = { content: "a\nb", task_type: "RETRIEVAL_DOCUMENT", title: "T" };
    expect(sent()).toEqual([{ instances: [instance], parameters: { outputDimensionality: 4 } }]);
  });

  test.each([
    [{}, "passage"],
    [{ input_type: "query" }, "query"],
  ])("NVIDIA, with %j: a %s", async (more, type) => {
    await stack.post("/v1/embeddings", { model: NVIDIA, input: "a", ...more });
    expect(sent()).toMatchObject([{ input_type: type, model: NVIDIA }]);
  });

  test("through orchestration", async () => {
    const ask = { model: "text-embedding-3-small", input: ["a", "b"], dimensions: 4, input_type: "query" };
    const answer = await orchestrated.post("/v1/embeddings", ask);
    expect(await answer.json()).toMatchObject({
      data: [{ embedding: vectorOf("a", 4) }, { embedding: vectorOf("b", 4) }],
      usage: { total_tokens: 2 },
    });
    expect(sent(orchestrated).at(-1)).toMatchObject({ input: { text: ["a", "b"], type: "query" } });
  });
});

test("the head tells who answered", async () => {
  const { headers } = await stack.post("/v1/embeddings", { model: "text-embedding-3-small", input: "a" });
  expect(headers.get("x-aicore-model")).toBe("text-embedding-3-small");
  expect(headers.get("x-aicore-deployment")).toBe("d5b2e84af7c1960d");
  expect(headers.get("x-aicore-attempts")).toBe("1");
});

describe("errors", () => {
  const AZURE = "text-embedding-3-small";
  test.each<[JsonObject, number, string]>([
    [{ input: "a" }, 400, "model: Field required"],
    [{ model: AZURE }, 400, "input: Field required"],
    [{ model: AZURE, input: "" }, 400, "input: Input should not be empty"],
    [{ model: AZURE, input: [] }, 400, "input: at least one text is required"],
    [{ model: AZURE, input: ["a", ""] }, 400, "input.1: Input should not be empty"],
    [{ model: AZURE, input: ["a", 1] }, 400, "input.1: Input should be a valid string or an array of tokens"],
    [{ model: AZURE, input: "a", dimensions: 0 }, 400, "dimensions: Input should be a valid integer"],
    [{ model: AZURE, input: "a", encoding_format: "int8" }, 400, "encoding_format: "],
    [{ model: AZURE, input: Array.from({ length: 2_049 }, () => "a") }, 400, "input: at most 2048"],
    [
      { model: "amazon--titan-embed-text", input: [[1]] },
      400,
      "input.0: amazon--titan-embed-text takes texts, not tokens",
    ],
    [
      { model: "amazon--titan-embed-text", input: "a", dimensions: 5 },
      400,
      "dimensions: amazon--titan-embed-text has vectors of one length only",
    ],
    [{ model: "gpt-4.1", input: "a" }, 400, "model: 'gpt-4.1' is a chat model; it makes no embeddings."],
    [{ model: "nobody", input: "a" }, 404, "model 'nobody' is not deployed"],
  ])("%j: %i %s", async (body, status, message) => {
    const answer = await stack.post("/v1/embeddings", body);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect([answer.status, error.message]).toEqual([status, expect.stringContaining(message)]);
  });

  test.each<[string, JsonObject, string]>([
    ["embedContent", {}, "content.parts: a text is required"],
    [
      "embedContent",
      { content: { parts: [{ text: "a" }] }, outputDimensionality: 1.5 },
      "outputDimensionality: Input",
    ],
    ["batchEmbedContents", {}, "requests: at least one request is required"],
    ["batchEmbedContents", { requests: [{ content: {} }] }, "requests.0.content.parts: a text is required"],
    [
      "batchEmbedContents",
      {
        requests: [
          { content: { parts: [{ text: "a" }] } },
          { content: { parts: [{ text: "b" }] }, taskType: "CLUSTERING" },
        ],
      },
      "requests.1.taskType: has to be the same",
    ],
  ])("%s %j: %s", async (method, body, message) => {
    const answer = await stack.post(`/v1beta/models/gemini-embedding:${method}`, body);
    const { error } = (await answer.json()) as { error: { status: string; message: string } };
    expect([answer.status, error.status, error.message]).toEqual([
      400,
      "INVALID_ARGUMENT",
      expect.stringContaining(message),
    ]);
  });

  test.each<[string, JsonObject]>([
    ["/v1/messages", { max_tokens: 5 }],
    ["/v1/chat/completions", {}],
  ])("%s cannot ask an embedding model", async (path, more) => {
    for (const front of [stack, orchestrated]) {
      const body = { model: "text-embedding-3-small", messages: [{ role: "user", content: "a" }], ...more };
      const answer = await front.post(path, body);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain("makes embeddings and cannot chat");
    }
  });

  test("of the host keep their status; half an answer is none", async () => {
    stack.sandbox.faults.add({
      status: 429,
      times: 3,
      body: { error: { code: "429", message: "Slow down." } },
    });
    const slow = await stack.post("/v1/embeddings", { model: "text-embedding-3-small", input: "a" });
    expect([slow.status, await slow.text()]).toEqual([429, expect.stringContaining("Slow down.")]);
    stack.sandbox.faults.add({ status: 200, body: { data: [] } });
    const empty = await stack.post("/v1/embeddings", { model: "text-embedding-3-small", input: "a" });
    expect(empty.status).toBe(502);
  });
});
