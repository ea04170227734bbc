import type { JsonObject } from "../../hub/json.ts";
import { ownLengthOnly, textsOnly } from "./input.ts";
import { count, joined, numbersOf } from "./openai-list.ts";
import type { EmbeddingHost, Embeddings } from "./types.ts";

/** Titan on Bedrock: one text a call (protocol 4e). */
export const titanEmbeddings: EmbeddingHost = {
  name: "bedrock-titan",
  serves: ({ executable, model }) =>
    executable === "aws-bedrock" && model?.startsWith("amazon--titan-embed") === true,
  requests(input, model) {
    ownLengthOnly(input, model);
    return textsOnly(input, model).map((inputText) => ({ path: "/invoke", body: { inputText } }));
  },
  read: (bodies) => joined(bodies.map(readOne)),
};

function readOne({ embedding, inputTextTokenCount }: JsonObject): Embeddings {
  const vector = numbersOf(embedding);
  return { vectors: vector.length > 0 ? [vector] : [], tokens: count(inputTextTokenCount) };
}
