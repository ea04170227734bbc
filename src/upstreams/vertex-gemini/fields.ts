import { isObject, type JsonObject } from "../../hub/json.ts";
import { onlyMembers, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";

/** Vertex's `GenerateContentRequest` (v1 reference, 2026); any other name is `Unknown name "…": Cannot find field.` */
const KNOWN: ReadonlySet<string> = new Set([
  ...["contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings", "labels"],
]);

/** Both are in the path; in the body they are refused (protocol 4c). */
const SILENT: ReadonlySet<string> = new Set(["model", "stream"]);

const CONFIG: ReadonlySet<string> = new Set([
  ...["maxOutputTokens", "temperature", "topP", "topK", "stopSequences", "seed", "presencePenalty"],
  ...["frequencyPenalty", "responseMimeType", "responseSchema", "responseJsonSchema", "responseLogprobs"],
  ...["logprobs", "thinkingConfig", "responseModalities", "mediaResolution", "speechConfig", "imageConfig"],
  "audioTimestamp",
]);

/**
 * Drops what Vertex does not know, among it the Gemini API's `cachedContent` (SAP has no context caches, protocol 4c)
 * and `candidateCount`, of which anything but 1 is not to be had behind SAP (protocol 4c, one source).
 */
export function keepKnownFields(body: JsonObject, call: Call): JsonObject {
  noteOthers(body, KNOWN, "", call);
  const known = onlyMembers(body, KNOWN);
  const { generationConfig: config } = known;
  if (!isObject(config)) return known;
  noteOthers(config, CONFIG, "generationConfig.", call);
  return withMember(known, "generationConfig", onlyMembers(config, CONFIG));
}

function noteOthers(object: JsonObject, known: ReadonlySet<string>, path: string, call: Call): void {
  for (const [field, value] of Object.entries(object)) {
    if (known.has(field) || SILENT.has(field) || (field === "candidateCount" && value === 1)) continue;
    call.note(`${path}${field} is left out: Gemini on SAP AI Core refuses it`);
  }
}
