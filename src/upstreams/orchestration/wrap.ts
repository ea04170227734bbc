/** A chat request in the service's envelope: where the prompt, the history and the parameters stand (protocol 4f.2). */

import type { Family } from "../../hub/capabilities.ts";
import type { Json, JsonObject } from "../../hub/json.ts";
import { isMessageList } from "../openai-compatible/chat-messages.ts";
import type { Call } from "../types.ts";
import { asPlaceholders } from "./placeholders.ts";

/** Members of a chat request that stand somewhere else than among the parameters. */
const PLACED: ReadonlySet<string> = new Set(["model", "messages", "tools", "response_format", "stream"]);

/**
 * Characters in one event. The service's 100 make short answers come in one piece; below 64 one proxy saw trouble
 * (protocol 4f.2). Without filters, models' own pieces come through as they are.
 */
const CHUNK_SIZE = 64;

/**
 * Families that want the conversation in its own order: Mistral refuses a system message behind a tool's answer, and
 * Perplexity one behind the user's words (protocol 4f.2 and 4d).
 */
const IN_ORDER: ReadonlySet<Family> = new Set<Family>(["mistral", "perplexity"]);

export function wrap(body: JsonObject, call: Call): JsonObject {
  const { tools, response_format } = body;
  const messages = isMessageList(body.messages) ? body.messages : [];
  const { template, history } = split(messages, call.capabilities.family);
  const { texts, values } = asPlaceholders(template);
  const params = Object.entries(body).filter(([key]) => !PLACED.has(key));
  const prompt: JsonObject = {
    template: texts,
    ...(tools !== undefined && { tools }),
    ...(response_format !== undefined && { response_format }),
  };
  const model = { name: call.model, version: "latest", params: Object.fromEntries(params) };
  return {
    config: {
      modules: { prompt_templating: { prompt, model } },
      ...(call.stream && { stream: { enabled: true, chunk_size: CHUNK_SIZE } }),
    },
    placeholder_values: values,
    messages_history: history as Json[],
  };
}

/**
 * The service puts the template behind the history. The system's words go into it, so that the history, which it does
 * not parse, has all of the user's; where there are none or the order counts, the newest message goes.
 */
function split(messages: JsonObject[], family: Family): { template: JsonObject[]; history: JsonObject[] } {
  const found = messages.findIndex(({ role }) => role !== "system");
  const systems = found < 0 ? messages.length : found;
  if (systems > 0 && (!IN_ORDER.has(family) || systems === messages.length)) {
    return { template: messages.slice(0, systems), history: messages.slice(systems) };
  }
  return { template: messages.slice(-1), history: messages.slice(0, -1) };
}
