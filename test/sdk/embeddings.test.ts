/** Embeddings with the official OpenAI and Google SDKs, on models of three hosts. */
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KEY, type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let openai: OpenAI;
let google: GoogleGenAI;
beforeAll(async () => {
  stack = await startStack();
  openai = new OpenAI({ baseURL: `${stack.proxy.url}/v1`, apiKey: KEY, maxRetries: 0 });
  const httpOptions = { baseUrl: stack.proxy.url };
  google = new GoogleGenAI({ vertexai: false, apiKey: KEY, httpOptions });
});
afterAll(async () => {
  expect(stack.sandbox.refused).toEqual([]);
  await stack.close();
});

describe.each(["text-embedding-3-small", "amazon--titan-embed-text", "gemini-embedding"])("%s", (model) => {
  test("one text: as base64, which the SDK asks for by itself, it is what it is in floats", async () => {
    const packed = await openai.embeddings.create({ model, input: "Hello" });
    const plain = await openai.embeddings.create({ model, input: "Hello", encoding_format: "float" });
    const [first] = packed.data;
    expect(first?.embedding.length).toBeGreaterThan(1);
    expect(first?.embedding).toEqual(plain.data[0]?.embedding.map(Math.fround));
    expect(packed).toMatchObject({ object: "list", model, data: [{ object: "embedding", index: 0 }] });
    expect(packed.usage.prompt_tokens).toBeGreaterThan(0);
    expect(packed.usage.total_tokens).toBe(packed.usage.prompt_tokens);
  });

  test("a list, in its order", async () => {
    const { data } = await openai.embeddings.create({ model, input: ["one", "two", "three"] });
    const alone = await openai.embeddings.create({ model, input: "two" });
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(data[1]?.embedding).toEqual(alone.data[0]?.embedding);
    expect(data[0]?.embedding).not.toEqual(alone.data[0]?.embedding);
  });

  test("Google's embedContent gives the same vectors", async () => {
    const { embeddings = [] } = await google.models.embedContent({ model, contents: ["one", "two"] });
    const { data } = await openai.embeddings.create({ model, input: ["one", "two"] });
    expect(embeddings.map(({ values = [] }) => values.map(Math.fround))).toEqual(
      data.map(({ embedding }) => embedding),
    );
  });
});

test("as many dimensions as were asked for", async () => {
  const { data } = await openai.embeddings.create({
    model: "text-embedding-3-small",
    input: "Hello",
    dimensions: 256,
  });
  expect(data[0]?.embedding).toHaveLength(256);
});

test.each(["gpt-4.1", "anthropic--claude-4.6-sonnet"])("%s makes none", async (model) => {
  await expect(openai.embeddings.create({ model, input: "Hello" })).rejects.toThrow(OpenAI.BadRequestError);
});
