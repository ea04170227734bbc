/** `:embedContent` and `:batchEmbedContents` as Google's SDKs speak them. */
import { invalidRequest } from "../../errors.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { readDimensions } from "../openai/embeddings.ts";

export interface GeminiEmbeddingCall {
  inputs: string[];
  dimensions?: number;
  task?: string;
  title?: string;
}

/**
 * One request of `embedContent`.
 * @throws ApiError 400 naming the field.
 */
export function readEmbedContent(body: JsonObject, path = ""): GeminiEmbeddingCall {
  const { content, taskType: task, title } = body;
  const config = isObject(body.config) ? body.config : {};
  const size = body.outputDimensionality ?? config.outputDimensionality;
  return {
    inputs: [textOf(content, `${path}content`)],
    ...readDimensions(size, `${path}outputDimensionality`),
    ...(typeof task === "string" && task !== "TASK_TYPE_UNSPECIFIED" && { task }),
    ...(typeof title === "string" && title !== "" && { title }),
  };
}

/**
 * The requests of `batchEmbedContents` as one: they have to ask for the same kind of vectors. Titles are left out,
 * each being of one document.
 * @throws ApiError 400 naming the field.
 */
export function readBatchEmbedContents({ requests }: JsonObject): GeminiEmbeddingCall {
  const list = Array.isArray(requests) ? requests : [];
  const calls = list.map((request, index) => {
    if (!isObject(request)) throw invalidRequest(`requests.${index}: Input should be an object`);
    return readEmbedContent(request, `requests.${index}.`);
  });
  const [first] = calls;
  if (first === undefined) throw invalidRequest("requests: at least one request is required");
  for (const [index, { task, dimensions }] of calls.entries()) {
    if (task !== first.task)
      throw invalidRequest(`requests.${index}.taskType: has to be the same in all requests`);
    if (dimensions !== first.dimensions) {
      throw invalidRequest(`requests.${index}.outputDimensionality: has to be the same in all requests`);
    }
  }
  const { title: _one, ...shared } = first;
  return { ...shared, inputs: calls.flatMap(({ inputs }) => inputs) };
}

function textOf(content: Json | undefined, path: string): string {
  const parts = isObject(content) && Array.isArray(content.parts) ? content.parts : [];
  const texts = parts.map((part) => (isObject(part) && typeof part.text === "string" ? part.text : ""));
  const text = texts.filter((each) => each !== "").join("\n");
  if (text === "") throw invalidRequest(`${path}.parts: a text is required`);
  return text;
}

interface Told {
  vectors: number[][];
  tokens: number;
}

export function encodeEmbedContent({ vectors, tokens }: Told): JsonObject {
  return { embedding: { values: vectors[0] ?? [] }, usageMetadata: { promptTokenCount: tokens } };
}

export function encodeBatchEmbedContents({ vectors, tokens }: Told): JsonObject {
  return { embeddings: vectors.map((values) => ({ values })), usageMetadata: { promptTokenCount: tokens } };
}
