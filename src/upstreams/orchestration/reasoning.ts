/**
 * Claude's thoughts with their signatures. The service writes and wants a list of `{content, signature}`, chat clients
 * know a text: answers carry the text, and the signature beside it for who gives messages back as they came.
 */
import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import { withMember } from "../copy-on-write.ts";

/** The thoughts of a message in a request's history; undefined where the signature is gone. */
export function reasoningOf({ reasoning_content, reasoning_signature }: JsonObject): Json[] | undefined {
  if (typeof reasoning_content === "string") {
    const isSigned = typeof reasoning_signature === "string" && reasoning_signature !== "";
    return isSigned ? [{ content: reasoning_content, signature: reasoning_signature }] : undefined;
  }
  const signed = entriesOf(reasoning_content).filter(({ signature }) => signature !== "");
  return signed.length > 0 ? signed : undefined;
}

/** A message or delta of an answer, its thoughts as a text. */
export function tellReasoning(message: JsonObject): JsonObject {
  if (!Array.isArray(message.reasoning_content)) return message;
  const entries = entriesOf(message.reasoning_content);
  const text = entries.map(({ content }) => content).join("");
  const signature = entries.findLast((entry) => entry.signature !== "")?.signature;
  const told = withMember(message, "reasoning_content", text === "" ? undefined : text);
  return withMember(told, "reasoning_signature", signature);
}

function entriesOf(told: Json | undefined): { content: string; signature: string }[] {
  if (!Array.isArray(told)) return [];
  return told.filter(isObject).map(({ content, signature }) => ({
    content: typeof content === "string" ? content : "",
    signature: typeof signature === "string" ? signature : "",
  }));
}
