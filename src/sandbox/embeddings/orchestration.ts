/** `/v2/embeddings` of the orchestration service (protocol 4e). */
import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../hub/json.ts";
import { type Answer, json } from "../answer.ts";
import { isOrchestrated } from "../catalogue.ts";
import type { InferenceCall } from "../inference.ts";
import {
  array,
  dictionary,
  integer,
  literal,
  object,
  refuse,
  string,
  stringOr,
} from "../orchestration/schema.ts";
import { listOf } from "./vectors.ts";

const params = object(
  {},
  { dimensions: integer(1), encoding_format: literal("float", "base64"), normalize: dictionary },
);
const model = object(
  { name: string },
  { version: string, params, timeout: integer(1), max_retries: integer(0) },
);
const shape = object({
  config: object({ modules: object({ embeddings: object({ model }) }) }),
  input: object({ text: stringOr(array(string, 1)) }, { type: literal("document", "query", "text") }),
});

interface Request {
  config: { modules: { embeddings: { model: { name: string; params?: { dimensions?: number } } } } };
  input: { text: string | string[] };
}

export function embedThroughOrchestration({ body }: InferenceCall): Answer {
  shape(body, "");
  const { config, input } = body as unknown as Request;
  const { name, params: asked = {} } = config.modules.embeddings.model;
  if (!isOrchestrated(name) || !name.includes("embed")) refuse(`Model ${name} not supported.`, "");
  const texts = [input.text].flat();
  if (texts.includes("")) refuse("'' should be non-empty", "input.text");
  const final_result = listOf(texts, asked.dimensions ?? 1_536, name) as unknown as JsonObject;
  return {
    ...json(200, { request_id: randomUUID(), final_result }),
    usage: final_result.usage as JsonObject,
  };
}
