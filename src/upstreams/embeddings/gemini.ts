import { isObject, type JsonObject } from "../../hub/json.ts";
import { textsOnly } from "./input.ts";
import { count, joined, numbersOf } from "./openai-list.ts";
import type { EmbeddingHost, Embeddings } from "./types.ts";

/** Gemini's embeddings on Vertex: one instance a call, since gemini-embedding takes no more (protocol 4e). */
export const geminiEmbeddings: EmbeddingHost = {
  name: "vertex-embeddings",
  serves: ({ executable, model }) =>
    executable === "gcp-vertexai" && model?.startsWith("gemini-embedding") === true,
  requests(input, model) {
    const { dimensions, task, title } = input;
    const isDocument = task === "RETRIEVAL_DOCUMENT" && title !== undefined;
    return textsOnly(input, model).map((content) => ({
      path: `/models/${model}:predict`,
      body: {
        instances: [
          { content, ...(task !== undefined && { task_type: task }), ...(isDocument && { title }) },
        ],
        ...(dimensions !== undefined && { parameters: { outputDimensionality: dimensions } }),
      },
    }));
  },
  read: (bodies) => joined(bodies.map(readPredictions)),
};

function readPredictions({ predictions }: JsonObject): Embeddings {
  const found = (Array.isArray(predictions) ? predictions : [])
    .map((prediction) => (isObject(prediction) ? prediction.embeddings : undefined))
    .filter(isObject);
  return {
    vectors: found.map(({ values }) => numbersOf(values)).filter(({ length }) => length > 0),
    tokens: found.reduce(
      (sum, { statistics }) => sum + (isObject(statistics) ? count(statistics.token_count) : 0),
      0,
    ),
  };
}
