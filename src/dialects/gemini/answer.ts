import { Collector, explode } from "../../hub/collect.ts";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { HubAnswer, HubRequest } from "../../hub/messages.ts";
import { GeminiDecoder } from "./decode-stream.ts";
import { GeminiEncoder } from "./encode-stream.ts";
import { type Part, partsIn } from "./wire.ts";

/**
 * A whole answer, read as a stream of one chunk.
 * @throws ApiError (origin "upstream") when it is an error, or nothing but a failed call
 */
export function decodeAnswer(body: JsonObject): HubAnswer {
  const decoder = new GeminiDecoder();
  const collector = new Collector();
  for (const event of [...decoder.read(body), ...decoder.end()]) collector.add(event);
  return collector.answer;
}

/** The chunks of the stream that tells it, in one: the last, with the parts of all. */
export function encodeAnswer(answer: HubAnswer, request: HubRequest): JsonObject {
  const encoder = new GeminiEncoder({ ...request, model: answer.model });
  const chunks = explode(answer).flatMap((event) => encoder.chunks(event));
  const parts = chunks.flatMap((chunk) => partsIn(candidateOf(chunk).content)).filter(hasContent);
  const content: JsonObject = { role: "model", parts: parts as unknown as Json };
  const last = chunks.at(-1) ?? {};
  return { ...last, candidates: [{ ...candidateOf(last), ...(parts.length > 0 && { content }) }] };
}

function candidateOf({ candidates }: JsonObject): JsonObject {
  const [candidate] = Array.isArray(candidates) ? candidates : [];
  return isObject(candidate) ? candidate : {};
}

function hasContent({ text, thoughtSignature }: Part): boolean {
  return text !== "" || thoughtSignature !== undefined;
}
