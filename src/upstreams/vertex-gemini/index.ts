/** Gemini as SAP AI Core hosts it: Vertex AI's `generateContent`, stricter than the Gemini API that clients know. */
import type { Upstream } from "../types.ts";
import { learn } from "./learn.ts";
import { prepare } from "./prepare.ts";
import { cleanChunk, cleanEvent, readStreamError } from "./stream.ts";

export const vertexGemini: Upstream = {
  name: "vertex-gemini",
  dialect: "gemini",
  serves: ({ executable, model }) =>
    executable === "gcp-vertexai" &&
    model?.startsWith("gemini-") === true &&
    !model.startsWith("gemini-embedding"),
  // The name in the path has to be the deployed one. Without `alt=sse` Google streams a JSON list (protocol 4c).
  path: ({ model, stream }) =>
    `/models/${model}:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
  prepare,
  learn,
  readStreamError,
  cleanEvent: cleanChunk,
  cleanAnswer: cleanEvent,
  translation: () => undefined,
};
