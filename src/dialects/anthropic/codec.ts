import type { JsonObject } from "../../hub/json.ts";
import type { HubAnswer, HubRequest } from "../../hub/messages.ts";
import type { Codec, Target } from "../codec.ts";
import { MessagesDecoder, MessagesEncoder } from "./stream.ts";
import { withoutForeignThinking } from "./thinking.ts";
import { decodeUsage, encodeUsage } from "./usage.ts";

/** Messages ⇄ hub: nearly the identity, because the hub is Messages with a few additions. */
export const anthropicCodec: Codec = {
  name: "anthropic",
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  decodeStream: () => new MessagesDecoder(),
  encodeStream: () => new MessagesEncoder(),
};

/**
 * The request as it came, but for what only Anthropic's own billing reads: Claude Code's first system block, which
 * changes between calls and would void the prompt cache of any host (clients.md 1.4, 2026-11-21).
 */
function decodeRequest(body: JsonObject): HubRequest {
  const request = body as unknown as HubRequest;
  if (!Array.isArray(request.system)) return request;
  return {
    ...request,
    system: request.system.filter(({ text = "" }) => !text.startsWith("x-anthropic-billing-header:")),
  };
}

/** What no user misses: it only steers how the client's own dialect answers. */
const SILENT = new Set([
  "includeThoughts",
  "store",
  "prompt_cache_key",
  "user",
  "metadata",
  "include",
  "verbosity",
  "service_tier",
  "safety_identifier",
]);

/** OpenAI and Google count temperature up to 2, Anthropic up to 1. */
const WARMEST = 1;

/** The hub's additions go; `max_tokens`, which Messages wants and the other dialects do not, is the model's own maximum. */
function encodeRequest(request: HubRequest, target: Target): JsonObject {
  const { vendor, tools, ...rest } = request;
  for (const key of Object.keys({ ...vendor?.openai, ...vendor?.gemini })) {
    if (!SILENT.has(key)) target.note(`${key} is left out: Claude does not know it`);
  }
  return {
    ...rest,
    ...(request.temperature !== undefined && { temperature: Math.min(request.temperature, WARMEST) }),
    max_tokens: request.max_tokens ?? target.capabilities.maxOutputTokens,
    messages: withoutForeignThinking(request.messages),
    ...(tools && { tools: tools.map(({ origin: _origin, ...tool }) => tool) }),
  } as unknown as JsonObject;
}

function decodeAnswer(body: JsonObject): HubAnswer {
  return { ...(body as unknown as HubAnswer), usage: decodeUsage(body.usage) };
}

function encodeAnswer(answer: HubAnswer): JsonObject {
  return {
    id: answer.id,
    type: "message",
    role: "assistant",
    model: answer.model,
    content: answer.content,
    stop_reason: answer.stop_reason,
    stop_sequence: answer.stop_sequence ?? null,
    usage: encodeUsage(answer.usage),
  } as unknown as JsonObject;
}
