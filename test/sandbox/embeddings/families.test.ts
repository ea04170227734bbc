/** How strict the simulated embedding models are: one line a refusal (protocol 4e). */
import { describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/hub/json.ts";
import { PromptCache } from "../../../src/sandbox/claude/prompt-cache.ts";
import { embeddingFamilies } from "../../../src/sandbox/embeddings/families.ts";
import { Memory } from "../../../src/sandbox/openai-compatible/memory.ts";
import { orchestration } from "../../../src/sandbox/orchestration/family.ts";

const AZURE = "/embeddings?api-version=2023-05-15";
const NVIDIA = "nvidia--llama-3.2-nv-embedqa-1b";
const PREDICT = "/models/gemini-embedding:predict";

function embed(model: string, path: string, body: Json): JsonObject {
  const family = [...embeddingFamilies, orchestration].find((one) => one.serves(model));
  const handler = family?.paths[path] ?? family?.find?.("POST", path);
  const answer = handler?.({
    ...{ deployment: "d1", model, body, accept: "", promptCache: new PromptCache(), memory: new Memory() },
    temper: { unknownBetas: [], callsTools: true },
  });
  return answer && "body" in answer ? JSON.parse(String(answer.body)) : {};
}

const orchestrated = (name: string, input: JsonObject): JsonObject => ({
  config: { modules: { embeddings: { model: { name } } } },
  input,
});

describe("accepts", () => {
  test.each<[string, string, JsonObject, string]>([
    [
      "text-embedding-3-small",
      AZURE,
      { input: ["a", "b"], dimensions: 4, encoding_format: "float" },
      "data.1.embedding.3",
    ],
    ["text-embedding-3-small", AZURE, { input: [1, 2, 3] }, "data.0.embedding.1535"],
    ["text-embedding-ada-002", AZURE, { input: "a" }, "data.0.embedding.1535"],
    ["amazon--titan-embed-text", "/invoke", { inputText: "a" }, "embedding.1023"],
    ["gemini-embedding", PREDICT, { instances: [{ content: "a" }] }, "predictions.0.embeddings.values.3071"],
    [NVIDIA, "/embeddings", { input: ["a"], model: NVIDIA, input_type: "query" }, "data.0.embedding.2047"],
    [
      "",
      "/v2/embeddings",
      orchestrated("text-embedding-3-small", { text: ["a"], type: "query" }),
      "final_result.data.0.embedding.1535",
    ],
  ])("%s %s %j", (model, path, body, last) => {
    const answer = embed(model, path, body);
    expect(answer).toHaveProperty(last);
    expect(embed(model, path, body)).toHaveProperty(
      last,
      last.split(".").reduce((at: never, key) => at[key as never], answer as never),
    );
  });
});

describe("refuses", () => {
  test.each<[string, string, JsonObject, RegExp]>([
    ["text-embedding-3-small", AZURE, { input: "" }, /cannot be an empty string/],
    ["text-embedding-3-small", AZURE, { input: [] }, /empty array/],
    ["text-embedding-3-small", AZURE, { input: ["a", ""] }, /cannot be an empty string/],
    ["text-embedding-3-small", AZURE, { input: "a", dimensions: 9_999 }, /less than or equal to 1536/],
    [
      "text-embedding-ada-002",
      AZURE,
      { input: "a", dimensions: 5 },
      /does not support specifying dimensions/,
    ],
    ["text-embedding-3-small", "/embeddings", { input: "a" }, /Resource not found/],
    ["text-embedding-3-small", AZURE, { input: "a", task_type: "x" }, /Unknown parameter: 'task_type'/],
    ["amazon--titan-embed-text", "/invoke", { inputText: ["a"] }, /Malformed input request/],
    ["amazon--titan-embed-text", "/invoke", { inputText: "" }, /minLength/],
    ["amazon--titan-embed-text", "/invoke", { inputText: "a", dimensions: 5 }, /and no other/],
    ["gemini-embedding", PREDICT, { instances: [{ content: "a" }, { content: "b" }] }, /one instance/],
    ["gemini-embedding", PREDICT, { instances: [{ content: "" }] }, /empty/],
    ["gemini-embedding", PREDICT, { instances: [{ content: "a", title: "t" }] }, /title is only valid/],
    [NVIDIA, "/embeddings", { input: ["a"], model: NVIDIA }, /Missing required parameter: 'input_type'/],
    ["", "/v2/embeddings", orchestrated("gpt-4o", { text: ["a"] }), /Model gpt-4o not supported/],
    ["", "/v2/embeddings", orchestrated("text-embedding-3-small", { text: [""] }), /non-empty/],
    [
      "",
      "/v2/embeddings",
      orchestrated("text-embedding-3-small", { text: "a", type: "passage" }),
      /is not one of/,
    ],
  ])("%s %s %j", (model, path, body, words) => {
    expect(() => embed(model, path, body)).toThrow(words);
  });
});
