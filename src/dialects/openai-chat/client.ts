import { isObject, type JsonObject } from "../../hub/json.ts";
import type { ClientDialect } from "../client.ts";
import { chatErrorFrames } from "../openai/errors.ts";
import { openingOf } from "../opening.ts";
import { readChatCall } from "./check-request.ts";
import { openaiChat } from "./index.ts";
import { decodeUsage } from "./usage.ts";

/** Chat Completions for clients: the OpenAI SDKs, opencode, Qwen Code, and most of what speaks to a model. */
export const chatClient: ClientDialect = {
  codec: openaiChat,
  read(body, _path, note) {
    const { model, stream } = readChatCall(body);
    const hub = () => openaiChat.decodeRequest(body, note);
    const prefix = () => [body.tools, openingOf(body.messages)];
    return { model, stream, hub, prefix };
  },
  ping: ": keep-alive\n\n",
  errorFrames: chatErrorFrames,
  native: {
    passing: new Set(),
    named: false,
    withModel: (event, model) => ({ ...event, model }),
    usage: (event, before) => (isObject(event.usage) ? decodeUsage(event.usage) : before),
    ends: (event) => (hasFinished(event) ? "soon" : undefined),
    lastFrames: [{ data: "[DONE]" }],
    isAnswer: (body) => Array.isArray(body.choices),
  },
};

/** Usage and `[DONE]` may still follow. */
function hasFinished({ choices }: JsonObject): boolean {
  return (
    Array.isArray(choices) &&
    choices.some(
      (choice) => isObject(choice) && typeof choice.finish_reason === "string" && choice.finish_reason !== "",
    )
  );
}
