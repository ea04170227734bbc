/** `POST /v1/embeddings` as the OpenAI SDKs speak it. */
import { invalidRequest } from "../../errors.ts";
import type { Json, JsonObject } from "../../hub/json.ts";
import { checkModelName } from "../model-name.ts";

export interface EmbeddingCall {
  model: string;
  inputs: (string | number[])[];
  dimensions?: number;
  /** NVIDIA's word, in Google's. */
  task?: string;
  /** The SDKs ask for base64 by default. */
  format: "float" | "base64";
}

/** OpenAI's limit of inputs in one request. */
const MOST_INPUTS = 2_048;
const TASKS: Readonly<Record<string, string>> = {
  query: "RETRIEVAL_QUERY",
  passage: "RETRIEVAL_DOCUMENT",
  document: "RETRIEVAL_DOCUMENT",
};

/**
 * @throws ApiError 400 naming the field.
 */
export function readEmbeddingCall(body: JsonObject): EmbeddingCall {
  const { model, dimensions, encoding_format: format = "float", input_type: type } = body;
  if (typeof model !== "string") throw invalidRequest("model: Field required");
  checkModelName(model);
  if (format !== "float" && format !== "base64") {
    throw invalidRequest("encoding_format: Input should be 'float' or 'base64'");
  }
  const task = typeof type === "string" ? TASKS[type] : undefined;
  return {
    model,
    inputs: readInputs(body.input),
    ...readDimensions(dimensions, "dimensions"),
    ...(task !== undefined && { task }),
    format,
  };
}

/** @param path the field's name in the client's dialect */
export function readDimensions(value: Json | undefined, path: string): { dimensions?: number } {
  if (value === undefined || value === null) return {};
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return { dimensions: value };
  throw invalidRequest(`${path}: Input should be a valid integer greater than or equal to 1`);
}

/** A text, a list of texts, an array of tokens, or a list of those. */
function readInputs(input: Json | undefined): (string | number[])[] {
  if (input === undefined || input === null) throw invalidRequest("input: Field required");
  const list = Array.isArray(input) && typeof input[0] !== "number" ? input : [input];
  if (list.length === 0) throw invalidRequest("input: at least one text is required");
  if (list.length > MOST_INPUTS) throw invalidRequest(`input: at most ${MOST_INPUTS} texts are allowed`);
  return list.map((each, index) =>
    readInput(each, Array.isArray(input) && list === input ? `input.${index}` : "input"),
  );
}

function readInput(input: Json, path: string): string | number[] {
  if (input === "" || (Array.isArray(input) && input.length === 0)) {
    throw invalidRequest(`${path}: Input should not be empty`);
  }
  if (typeof input === "string") return input;
  if (Array.isArray(input) && input.every(isToken)) return input;
  throw invalidRequest(`${path}: Input should be a valid string or an array of tokens`);
}

function isToken(value: Json): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** @param told.model the client's own id */
export function encodeEmbeddings(
  told: { vectors: number[][]; tokens: number },
  { model, format }: EmbeddingCall,
): JsonObject {
  return {
    object: "list",
    data: told.vectors.map((vector, index) => ({
      object: "embedding",
      index,
      embedding: format === "base64" ? base64Of(vector) : vector,
    })),
    model,
    usage: { prompt_tokens: told.tokens, total_tokens: told.tokens },
  };
}

/** 32-bit floats, little-endian whatever the machine. */
function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => {
    bytes.writeFloatLE(value, index * 4);
  });
  return bytes.toString("base64");
}
