import { ApiError, invalidRequest } from "../../errors.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import type { ClientDialect } from "../client.ts";
import { checkModelName } from "../model-name.ts";
import { openingOf } from "../opening.ts";
import { readGeminiRequest } from "./check.ts";
import { geminiCodec } from "./codec.ts";
import { geminiErrorFrames } from "./errors.ts";
import { decodeUsage } from "./usage.ts";

/** Google's API for clients: Gemini CLI, the Google SDKs. The model and whether to stream stand in the path. */
export const geminiClient: ClientDialect = {
  codec: geminiCodec,
  read(body, path, note) {
    const { model, method } = readGeminiPath(path);
    readGeminiRequest(body);
    const hub = () => ({ ...geminiCodec.decodeRequest(body, note), model });
    const prefix = () => [body.systemInstruction, body.tools, openingOf(body.contents)];
    return { model, stream: method === "streamGenerateContent", hub, prefix };
  },
  ping: ": keep-alive\n\n",
  errorFrames: geminiErrorFrames,
  native: {
    passing: new Set(),
    named: false,
    withModel: (event, model) => ({ ...event, modelVersion: model }),
    usage: (event, before) => decodeUsage(event.usageMetadata, before),
    ends: (event) => (hasFinished(event) ? "soon" : undefined),
    lastFrames: [],
    isAnswer: (body) => Array.isArray(body.candidates) || isObject(body.promptFeedback),
  },
};

/**
 * The last part of `/v1beta/models/gemini-2.5-pro:generateContent`. A model name may hold colons and slashes; the
 * method is behind the last colon.
 * @throws ApiError 400 or 404.
 */
export function readGeminiPath(path: string): { model: string; method: string } {
  const [, encoded = "", method = ""] = /\/models\/(.+):([A-Za-z]+)$/.exec(path) ?? [];
  if (method === "")
    throw new ApiError(404, "There is no such method: expected models/<model>:generateContent.");
  const model = decodeOr400(encoded);
  checkModelName(model);
  return { model, method };
}

/** Usage may still follow. */
function hasFinished({ candidates }: JsonObject): boolean {
  return (
    Array.isArray(candidates) &&
    candidates.some((candidate) => isObject(candidate) && candidate.finishReason !== undefined)
  );
}

function decodeOr400(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw invalidRequest("model: the path is not encoded correctly");
  }
}
