import { isObject, type JsonObject } from "../../hub/json.ts";
import type { ClientDialect } from "../client.ts";
import { openingOf } from "../opening.ts";
import { anthropicCodec } from "./codec.ts";
import { messagesErrorFrames } from "./errors.ts";
import { readMessagesCall } from "./request.ts";
import { decodeUsage } from "./usage.ts";

/** Anthropic Messages for clients: Claude Code, the Anthropic SDKs. */
export const anthropicClient: ClientDialect = {
  codec: anthropicCodec,
  read(body, _path, note) {
    const { model, stream } = readMessagesCall(body);
    const hub = () => anthropicCodec.decodeRequest(body, note);
    const prefix = () => [body.system, body.tools, openingOf(body.messages)];
    return { model, stream, hub, prefix };
  },
  ping: 'event: ping\ndata: {"type":"ping"}\n\n',
  errorFrames: messagesErrorFrames,
  native: {
    passing: new Set(["content_block_start", "content_block_delta", "content_block_stop", "ping"]),
    named: true,
    withModel,
    usage: (event, before) =>
      decodeUsage(isObject(event.message) ? event.message.usage : event.usage, before),
    ends: (event) => (event.type === "message_stop" ? "now" : undefined),
    lastFrames: [],
    isAnswer: (body) => body.type === "message",
  },
};

/** In a stream only `message_start` names the model; a whole message names it at its top. */
function withModel(event: JsonObject, model: string): JsonObject {
  if (event.type === "message") return { ...event, model };
  if (event.type !== "message_start" || !isObject(event.message)) return event;
  return { ...event, message: { ...event.message, model } };
}
