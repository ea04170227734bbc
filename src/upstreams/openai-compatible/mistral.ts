/** What Mistral's own server asks of a history (protocol 4d). */
import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import { isMessageList } from "./chat-messages.ts";

const LEGAL_ID = /^[A-Za-z0-9]{9}$/;

/** Ids of nine letters or digits, and no system message behind a tool's answer: else a 400 on the turn after a call. */
export function fitMistral(body: JsonObject): JsonObject {
  if (!isMessageList(body.messages)) return body;
  const renamed = rewriteEach(body.messages, withShortIds);
  return withMember(body, "messages", withSystemBeforeTools(renamed));
}

/** The same short id for the same id, in a call and in its answer, in this turn and in the next: no memory is needed. */
export function shortId(id: string): string {
  if (LEGAL_ID.test(id)) return id;
  const digest = createHash("sha256").update(id).digest("base64");
  return digest.replace(/[+/=]/g, "").slice(0, 9);
}

function withShortIds(message: JsonObject): JsonObject {
  if (typeof message.tool_call_id === "string")
    return withMember(message, "tool_call_id", shortId(message.tool_call_id));
  if (!Array.isArray(message.tool_calls)) return message;
  const calls = rewriteEach<Json>(message.tool_calls, (call) =>
    isObject(call) ? withMember(call, "id", shortId(String(call.id))) : call,
  );
  return withMember(message, "tool_calls", calls);
}

/** A system message behind a tool's answer moves in front of the round of calls that it came into. */
function withSystemBeforeTools(messages: JsonObject[]): JsonObject[] {
  let start = 0;
  let moved = false;
  const ordered: JsonObject[] = [];
  for (const message of messages) {
    const previous = ordered.at(-1)?.role;
    if (message.role === "system" && previous === "tool") {
      ordered.splice(start, 0, message);
      start += 1;
      moved = true;
      continue;
    }
    if (message.role === "assistant" && previous !== "tool") start = ordered.length;
    ordered.push(message);
  }
  return moved ? ordered : messages;
}
