/** Requests for the Gemini tests of this folder: a small legal body, and what `prepare` makes of a change to it. */
import { expect } from "vitest";
import { capabilitiesOf } from "../../src/catalog/capabilities.ts";
import type { Json, JsonObject } from "../../src/hub/json.ts";
import { checkRequest } from "../../src/sandbox/gemini/request.ts";
import { signatureOf } from "../../src/sandbox/gemini/signature.ts";
import { GEMINI_MODELS } from "../../src/sandbox/models.ts";
import type { Call } from "../../src/upstreams/types.ts";
import { vertexGemini } from "../../src/upstreams/vertex-gemini/index.ts";
import { frozen, type TestCall } from "./request.ts";

export const PRO_25 = "gemini-2.5-pro";
export const FLASH_25 = "gemini-2.5-flash";
export const FLASH_35 = "gemini-3.5-flash";

export const FUNCTION: JsonObject = {
  name: "read_file",
  description: "Reads a file.",
  parametersJsonSchema: { type: "object", properties: { path: { type: "string" } }, required: ["path"] },
};

/** Legal as it stands: `prepare` changes nothing in it. */
export const BODY: JsonObject = {
  contents: [{ role: "user", parts: [{ text: "Hello." }] }],
  systemInstruction: { parts: [{ text: "You help." }] },
  tools: [{ functionDeclarations: [FUNCTION] }],
  generationConfig: { maxOutputTokens: 4000, temperature: 1, topP: 0.95, topK: 64 },
};

export const user = (...parts: Json[]): JsonObject => ({ role: "user", parts });
export const model = (...parts: Json[]): JsonObject => ({ role: "model", parts });
export const text = (words: string): JsonObject => ({ text: words });
export const call = (name = "read_file", more: JsonObject = {}): JsonObject => ({
  functionCall: { name, args: { path: "a" }, ...more },
});
export const signed = (name = "read_file"): JsonObject => {
  const functionCall = { name, args: { path: "a" } };
  return { functionCall, thoughtSignature: signatureOf({ functionCall }) };
};
export const answer = (name = "read_file", output = "1", more: JsonObject = {}): JsonObject => ({
  functionResponse: { name, response: { output }, ...more },
});
export const CANCELLED = { error: "The call was cancelled." };
export const STAND_IN = "skip_thought_signature_validator";

export function callFor(name: string, options: Partial<Call> = {}): TestCall {
  const notes: string[] = [];
  return {
    model: name,
    stream: true,
    capabilities: capabilitiesOf(name),
    betas: [],
    learned: new Set(),
    note: (words) => notes.push(words),
    ...options,
    notes,
  };
}

/**
 * `BODY` with these members (undefined takes one away), deep-frozen and prepared. Each outcome has to be accepted by
 * the sandbox, and to be returned itself when it is prepared again.
 */
export function prepared(
  change: Record<string, Json | undefined>,
  about: TestCall = callFor(FLASH_35),
): JsonObject {
  const members = Object.entries({ ...BODY, ...change });
  const given = members.filter((entry): entry is [string, Json] => entry[1] !== undefined);
  const body = vertexGemini.prepare(frozen(Object.fromEntries(given)), about);
  const again = vertexGemini.prepare(frozen(body), { ...about, note: () => {} });
  expect(again, "the same object").toBe(body);
  const rules = GEMINI_MODELS[about.model];
  if (rules !== undefined) checkRequest(body, rules);
  return body;
}
