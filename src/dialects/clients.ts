import type { WireName } from "../hub/wire.ts";
import { anthropicClient } from "./anthropic/client.ts";
import type { ClientDialect } from "./client.ts";
import { geminiClient } from "./gemini/client.ts";
import { chatClient } from "./openai-chat/client.ts";
import { responsesClient } from "./openai-responses/client.ts";

/** Every dialect, by the name that upstreams know it under. */
export const CLIENT_DIALECTS: Readonly<Record<WireName, ClientDialect>> = {
  anthropic: anthropicClient,
  "openai-chat": chatClient,
  "openai-responses": responsesClient,
  gemini: geminiClient,
};
