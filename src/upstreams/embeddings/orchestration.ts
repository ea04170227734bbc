import { isObject } from "../../hub/json.ts";
import { isQuery, textsOnly } from "./input.ts";
import { joined, readOpenaiList } from "./openai-list.ts";
import type { EmbeddingHost } from "./types.ts";

/** The orchestration service, for every embedding model without a deployment of its own (protocol 4e). */
export const orchestrationEmbeddings: EmbeddingHost = {
  name: "orchestration-embeddings",
  serves: ({ executable, model }) => executable === "orchestration" && model === undefined,
  requests(input, model) {
    const { dimensions, task } = input;
    const params = dimensions === undefined ? {} : { dimensions };
    const type = typeOf(task);
    const body = {
      config: { modules: { embeddings: { model: { name: model, version: "latest", params } } } },
      input: { text: textsOnly(input, model), ...(type && { type }) },
    };
    return [{ path: "/v2/embeddings", body }];
  },
  read: (bodies) =>
    joined(bodies.map(({ final_result: result }) => readOpenaiList(isObject(result) ? result : {}))),
};

function typeOf(task: string | undefined): "query" | "document" | "text" | undefined {
  if (task === undefined) return undefined;
  if (isQuery(task)) return "query";
  return task === "RETRIEVAL_DOCUMENT" ? "document" : "text";
}
