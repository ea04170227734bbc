import type { JsonObject } from "../../hub/json.ts";
import { structuredTranslation } from "../bedrock-claude/structured-answer.ts";
import type { AnswerTranslation } from "../types.ts";
import { ConverseStream } from "./stream.ts";

/** Every answer is translated: its stream's events to Messages', and a forced tool's call to the text asked for. */
export function converseTranslation(body: JsonObject): AnswerTranslation {
  const stream = new ConverseStream();
  const structured = structuredTranslation(body);
  const unwrap = (events: JsonObject[]) =>
    structured ? events.flatMap((event) => structured.event(event)) : events;
  return {
    message: (message) => structured?.message(message) ?? message,
    event: (event) => unwrap(stream.event(event)),
    end: () => unwrap(stream.end()),
  };
}
