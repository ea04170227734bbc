import { isQuery, ownLengthOnly, textsOnly } from "./input.ts";
import { joined, readOpenaiList } from "./openai-list.ts";
import type { EmbeddingHost } from "./types.ts";

/** NVIDIA's retrieval models want to know what a text is for; what nobody said is a passage (protocol 4e). */
export const nvidiaEmbeddings: EmbeddingHost = {
  name: "nvidia-embeddings",
  serves: ({ executable, model }) => executable === "aicore-nvidia" && model !== undefined,
  requests(input, model) {
    ownLengthOnly(input, model);
    const input_type = isQuery(input.task) ? "query" : "passage";
    const body = {
      input: textsOnly(input, model),
      model,
      input_type,
      encoding_format: "float",
      truncate: "NONE",
    };
    return [{ path: "/embeddings", body }];
  },
  read: (bodies) => joined(bodies.map(readOpenaiList)),
};
