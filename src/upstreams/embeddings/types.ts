import type { JsonObject } from "../../hub/json.ts";

/** What a client wants as vectors, in whichever dialect it asked. */
export interface EmbeddingInput {
  /** Texts, or arrays of tokens. */
  inputs: (string | number[])[];
  /** Length of the vectors; absent: the model's own. */
  dimensions?: number;
  /** What for, in Google's words: `RETRIEVAL_QUERY`, `RETRIEVAL_DOCUMENT`, … */
  task?: string;
  /** Of a document. */
  title?: string;
}

export interface EmbeddingRequest {
  /** Below the deployment's url. */
  path: string;
  body: JsonObject;
}

export interface Embeddings {
  /** In the order of the inputs. */
  vectors: number[][];
  /** Tokens of all inputs, as the host counted them. */
  tokens: number;
}

/** A host of embedding models. */
export interface EmbeddingHost {
  readonly name: string;
  serves(deployment: { executable: string; model: string | undefined }): boolean;
  /**
   * One request or more, in the order of the inputs.
   * @param model SAP's name
   * @throws ApiError 400 for what this host cannot be asked.
   */
  requests(input: EmbeddingInput, model: string): EmbeddingRequest[];
  /** The answers to all of them. A body that is no answer gives fewer vectors. */
  read(bodies: readonly JsonObject[]): Embeddings;
}
