/** Mistral, Llama, Granite, Perplexity: SAP hosts them behind Chat Completions as OpenAI first had it (protocol 4d). */
import type { Upstream } from "../types.ts";
import { inTurn } from "./answer-translation.ts";
import { cleanChatChunk, cleanChatEvent, readChatStreamError } from "./chat-stream.ts";
import { learnRefusal } from "./learned.ts";
import { restoreLegacyFunctions } from "./legacy-functions.ts";
import { HOSTS, prepareFor } from "./prepare.ts";
import { hideUsage } from "./stream-usage.ts";

/** One row an executable, which differ in what they refuse. None takes an `api-version`, and Perplexity rejects it. */
export const openaiCompatible: readonly Upstream[] = [...HOSTS].map(([executable, host]) => ({
  name: executable,
  dialect: "openai-chat",
  serves: (deployment) => deployment.executable === executable && deployment.model !== undefined,
  path: () => "/chat/completions",
  prepare: prepareFor(host),
  learn: learnRefusal,
  readStreamError: readChatStreamError,
  cleanEvent: cleanChatEvent,
  cleanAnswer: cleanChatChunk,
  translation: (body) => inTurn(restoreLegacyFunctions(body), hideUsage(body)),
}));
