/** Usage in chat streams: always asked for, since we count it, and hidden from a client that did not ask. */
import { isObject, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";
import type { AnswerTranslation, Call } from "../types.ts";

/** `stream_options` is refused without `stream`. */
export function askForUsage(body: JsonObject, { stream }: Call): JsonObject {
  if (!stream) return withMember(body, "stream_options", undefined);
  const streaming = withMember(body, "stream", true);
  return hasAsked(body) ? streaming : withMember(streaming, "stream_options", { include_usage: true });
}

/** Takes the usage out of the stream again; undefined for a client that wants it, and without a stream. */
export function hideUsage(body: JsonObject): AnswerTranslation | undefined {
  if (body.stream !== true || hasAsked(body)) return undefined;
  return {
    message: (message) => message,
    event: (event) => {
      const alone = Array.isArray(event.choices) && event.choices.length === 0;
      return alone && isObject(event.usage) ? [] : [withMember(event, "usage", undefined)];
    },
  };
}

function hasAsked({ stream_options }: JsonObject): boolean {
  return isObject(stream_options) && stream_options.include_usage === true;
}
