import { joined, readOpenaiList } from "./openai-list.ts";
import type { EmbeddingHost } from "./types.ts";

/** OpenAI's text-embedding models; the api-version is that of SAP's documentation (protocol 4e). */
export const azureEmbeddings: EmbeddingHost = {
  name: "azure-embeddings",
  serves: ({ executable, model }) =>
    executable === "azure-openai" && model?.startsWith("text-embedding") === true,
  requests: ({ inputs, dimensions }) => [
    {
      path: "/embeddings?api-version=2023-05-15",
      body: { input: inputs, ...(dimensions !== undefined && { dimensions }), encoding_format: "float" },
    },
  ],
  read: (bodies) => joined(bodies.map(readOpenaiList)),
};
