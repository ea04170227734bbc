/** GPT and the o-series as SAP AI Core hosts them on Azure: one deployment, two APIs. */

import { inTurn } from "../openai-compatible/answer-translation.ts";
import { cleanChatChunk, cleanChatEvent, readChatStreamError } from "../openai-compatible/chat-stream.ts";
import { learnRefusal } from "../openai-compatible/learned.ts";
import { restoreLegacyFunctions } from "../openai-compatible/legacy-functions.ts";
import { hideUsage } from "../openai-compatible/stream-usage.ts";
import type { Upstream } from "../types.ts";
import { needsResponses, prepareChat } from "./chat.ts";
import { prepareCompact, prepareResponses } from "./responses.ts";
import { cleanResponse, cleanResponsesEvent, readResponsesStreamError } from "./responses-stream.ts";
import { restoreCalls } from "./restored-calls.ts";
import { type Surface, surfacesOf } from "./surfaces.ts";

/** The oldest that knows all that we send, `reasoning_effort` and `json_schema` included (protocol 4b.1, 7.5 #79). */
const API_VERSION = "2025-04-01-preview";

function serving(surface: Surface): Upstream["serves"] {
  return ({ executable, model }) =>
    executable === "azure-openai" && model !== undefined && surfacesOf(model).includes(surface);
}

export const azureChat: Upstream = {
  name: "azure-chat",
  dialect: "openai-chat",
  serves: serving("chat"),
  path: () => `/chat/completions?api-version=${API_VERSION}`,
  prepare: prepareChat,
  learn: learnRefusal,
  readStreamError: readChatStreamError,
  cleanEvent: cleanChatEvent,
  cleanAnswer: cleanChatChunk,
  cannot: needsResponses,
  translation: (body) => inTurn(restoreLegacyFunctions(body), hideUsage(body)),
};

export const azureResponses: Upstream = {
  name: "azure-responses",
  dialect: "openai-responses",
  serves: serving("responses"),
  path: () => "/responses",
  prepare: prepareResponses,
  learn: learnRefusal,
  readStreamError: readResponsesStreamError,
  cleanEvent: cleanResponsesEvent,
  cleanAnswer: cleanResponse,
  translation: restoreCalls,
};

/** `/responses/compact`: no row of its own, since it serves no conversation. Its answers never stream. */
export const azureCompact: Upstream = {
  ...azureResponses,
  name: "azure-compact",
  path: () => "/responses/compact",
  prepare: prepareCompact,
};
