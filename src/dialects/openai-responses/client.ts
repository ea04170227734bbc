import { isObject, type JsonObject } from "../../hub/json.ts";
import type { ClientDialect } from "../client.ts";
import { openingOf } from "../opening.ts";
import { readResponsesCall } from "./check-request.ts";
import { responsesErrorFrames } from "./errors.ts";
import { openaiResponses } from "./index.ts";
import { decodeUsage } from "./usage.ts";

/** The Responses API for clients: Codex, opencode, the OpenAI SDKs. */
export const responsesClient: ClientDialect = {
  codec: openaiResponses,
  read(body, _path, note) {
    const { model, stream } = readResponsesCall(body);
    const hub = () => openaiResponses.decodeRequest(body, note);
    const prefix = () => [body.instructions, body.tools, openingOf(body.input)];
    return { model, stream, hub, prefix };
  },
  ping: ": keep-alive\n\n",
  errorFrames: responsesErrorFrames,
  native: {
    passing: new Set([
      "response.output_text.delta",
      "response.function_call_arguments.delta",
      "response.reasoning_summary_text.delta",
    ]),
    named: true,
    withModel,
    usage(event, before) {
      const { usage } = isObject(event.response) ? event.response : event;
      return isObject(usage) ? decodeUsage(usage) : before;
    },
    ends: ({ type }) => (type === "response.completed" || type === "response.incomplete" ? "now" : undefined),
    lastFrames: [],
    storedId(event) {
      const { id, store } = isObject(event.response) ? event.response : event;
      return typeof id === "string" && store === true ? id : undefined;
    },
    isAnswer: ({ object, output }) =>
      (object === "response" || object === "response.compaction") && Array.isArray(output),
  },
};

/** Only the events that hold the whole response name the model. */
function withModel(event: JsonObject, model: string): JsonObject {
  if (event.object === "response") return { ...event, model };
  if (!isObject(event.response)) return event;
  return { ...event, response: { ...event.response, model } };
}
