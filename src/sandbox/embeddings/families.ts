/** Embedding models with a deployment of their own: Azure, Titan, Gemini, NVIDIA (protocol 4e). */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { type Answer, bedrockError, json } from "../answer.ts";
import type { Family, Handler, InferenceCall } from "../inference.ts";
import { openaiError } from "../openai-compatible/errors.ts";
import {
  array,
  type Check,
  integer,
  literal,
  object,
  refuse,
  string,
  stringOr,
} from "../openai-compatible/schema.ts";
import { listOf, tokensIn, vectorOf } from "./vectors.ts";

const SIZES: Readonly<Record<string, number>> = {
  "text-embedding-3-small": 1_536,
  "text-embedding-3-large": 3_072,
  "text-embedding-ada-002": 1_536,
};
const API_VERSION = /^\/embeddings\?api-version=\d{4}-\d{2}-\d{2}(-preview)?$/;
const NVIDIA = "nvidia--llama-3.2-nv-embedqa-1b";

const filled: Check = (value, path) => {
  string(value, path);
  if (value === "") refuse(`'$.${path}' is invalid. Input cannot be an empty string.`);
};
const tokens = array(integer(0), 1);

/** A text, texts, a token array, or token arrays. */
const azureInput: Check = (value, path) => {
  if (!Array.isArray(value)) return filled(value, path);
  if (typeof value[0] === "number") return tokens(value, path);
  array((item, at) => (Array.isArray(item) ? tokens : filled)(item, at), 1)(value, path);
};

export const embeddingFamilies: readonly Family[] = [
  {
    executable: "azure-openai",
    serves: (model) => Object.hasOwn(SIZES, model),
    paths: {},
    find: (method, subpath) => (method === "POST" ? azureHandler(subpath) : undefined),
    error: openaiError,
  },
  {
    executable: "aws-bedrock",
    serves: (model) => model === "amazon--titan-embed-text",
    paths: { "/invoke": titan },
    error: (status, message) => bedrockError(status, "ValidationException", message),
  },
  {
    executable: "gcp-vertexai",
    serves: (model) => model === "gemini-embedding",
    paths: { "/models/gemini-embedding:predict": predict },
    error: (status, message) =>
      json(status, { error: { code: status, message, status: "INVALID_ARGUMENT" } }),
  },
  {
    executable: "aicore-nvidia",
    serves: (model) => model === NVIDIA,
    paths: { "/embeddings": nvidia },
    error: openaiError,
  },
];

function azureHandler(subpath: string): Handler | undefined {
  if (!subpath.startsWith("/embeddings")) return undefined;
  return API_VERSION.test(subpath) ? azure : () => refuse("Resource not found", 404);
}

function azure({ model, body }: InferenceCall): Answer {
  const format = literal("float", "base64");
  object({ input: azureInput }, { dimensions: integer(1), encoding_format: format, user: string })(body, "");
  const { input, dimensions } = body as { input: Json; dimensions?: number };
  const size = SIZES[model] ?? 0;
  if (dimensions !== undefined && !model.includes("-3-"))
    refuse("This model does not support specifying dimensions.");
  if ((dimensions ?? 0) > size)
    refuse(`Invalid value for 'dimensions' = ${dimensions}. Must be less than or equal to ${size}.`);
  const inputs = Array.isArray(input) && typeof input[0] !== "number" ? input : [input];
  return told(listOf(inputs, dimensions ?? size, model) as unknown as JsonObject);
}

/** One text a call. */
function titan({ body }: InferenceCall): Answer {
  if (!isObject(body) || typeof body.inputText !== "string" || Object.keys(body).length > 1)
    return refuse(
      "Malformed input request: #: required key [inputText], and no other, please reformat your input and try again.",
    );
  if (body.inputText === "")
    refuse(
      "Malformed input request: expected minLength: 1, actual: 0, please reformat your input and try again.",
    );
  const count = tokensIn(body.inputText);
  const answer = { embedding: vectorOf(body.inputText, 1_024), inputTextTokenCount: count };
  return { ...json(200, answer), usage: { prompt_tokens: count } };
}

/** One instance a call: the second is refused (Google's reference of gemini-embedding, 2026). */
function predict({ body }: InferenceCall): Answer {
  const instance = object({ content: string }, { task_type: string, title: string });
  object({ instances: array(instance, 1) }, { parameters: object({}, { outputDimensionality: integer(1) }) })(
    body,
    "",
  );
  const { instances, parameters = {} } = body as {
    instances: { content: string; task_type?: string; title?: string }[];
    parameters?: { outputDimensionality?: number };
  };
  const [first, second] = instances;
  if (first === undefined || second !== undefined)
    return refuse("The model takes one instance per prediction.");
  if (first.content === "") refuse("The text content is empty.");
  if (first.title !== undefined && first.task_type !== "RETRIEVAL_DOCUMENT")
    refuse("title is only valid with task_type RETRIEVAL_DOCUMENT");
  const token_count = tokensIn(first.content);
  const values = vectorOf(first.content, parameters.outputDimensionality ?? 3_072);
  const answer = { predictions: [{ embeddings: { values, statistics: { token_count, truncated: false } } }] };
  return { ...json(200, answer), usage: { prompt_tokens: token_count } };
}

function nvidia({ model, body }: InferenceCall): Answer {
  object(
    { input: stringOr(array(filled, 1)), model: literal(NVIDIA), input_type: literal("query", "passage") },
    { encoding_format: literal("float"), truncate: literal("NONE", "START", "END") },
  )(body, "");
  const { input } = body as { input: string | string[] };
  return told(listOf([input].flat(), 2_048, model) as unknown as JsonObject);
}

function told(answer: JsonObject): Answer {
  return { ...json(200, answer), usage: answer.usage as JsonObject };
}
