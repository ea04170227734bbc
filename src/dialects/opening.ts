import { isObject, type Json } from "../hub/json.ts";

/** The messages of a conversation up to the first of its user, which later turns repeat. */
export function openingOf(messages: Json | undefined): Json | undefined {
  if (!Array.isArray(messages)) return messages;
  const first = messages.findIndex((message) => isObject(message) && (message.role ?? "user") === "user");
  return first === -1 ? messages : messages.slice(0, first + 1);
}
