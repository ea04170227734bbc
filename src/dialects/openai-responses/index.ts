import { explode } from "../../hub/collect.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import type { HubAnswer, HubEvent, HubRequest } from "../../hub/messages.ts";
import type { Frame } from "../../hub/wire.ts";
import type { Codec } from "../codec.ts";
import { decodeAnswer } from "./decode-answer.ts";
import { decodeRequest } from "./decode-request.ts";
import { ResponsesDecoder } from "./decode-stream.ts";
import { encodeRequest } from "./encode-request.ts";
import { ResponseEvents } from "./response-events.ts";

/**
 * Responses ⇄ hub.
 * @param now milliseconds since 1970, read when a response begins and when it is complete
 */
export function responsesCodec(now: () => number): Codec {
  const seconds = () => Math.floor(now() / 1000);
  return {
    name: "openai-responses",
    decodeRequest,
    encodeRequest,
    decodeAnswer,
    encodeAnswer: (answer, request) => wholeResponse(answer, new ResponseEvents(request, seconds)),
    decodeStream: () => new ResponsesDecoder(),
    encodeStream(request: HubRequest) {
      const events = new ResponseEvents(request, seconds);
      return { write: (event: HubEvent) => events.read(event).map(frameOf) };
    },
  };
}

export const openaiResponses: Codec = responsesCodec(Date.now);

/** A whole answer is what the last event of its stream holds. */
function wholeResponse(answer: HubAnswer, events: ResponseEvents): JsonObject {
  const last = explode(answer)
    .flatMap((event) => events.read(event))
    .at(-1);
  return isObject(last?.response) ? last.response : {};
}

/** Some clients read the type in the data, others the name of the event (protocol 4b.4). */
function frameOf(event: JsonObject): Frame {
  return { event: String(event.type), data: JSON.stringify(event) };
}
