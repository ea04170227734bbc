import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { Block, ThinkingBlock } from "../../hub/messages.ts";
import { markSignature, tokenFrom } from "../../hub/signature.ts";

/**
 * Reasoning in chat has no standard. Most hosts write `reasoning_content`, newer ones `reasoning`, as text. SAP's
 * orchestration writes a list of `{content, signature}` (fixtures of SAP's Java SDK, 2026) and wants it back as it was;
 * its upstream tells chat clients a text, and the signature beside it as `reasoning_signature`.
 */
export interface Reasoning {
  text: string;
  /** With the mark of chat: it is good for that host only. */
  signature?: string;
}

/** The reasoning of an answer's message or of a delta. */
export function readReasoning(message: JsonObject): Reasoning {
  const told = message.reasoning_content ?? message.reasoning;
  const signed = message.reasoning_signature;
  if (typeof told === "string" || typeof signed === "string") {
    const mark = typeof signed === "string" && signed !== "" && { signature: markSignature("chat", signed) };
    return { text: typeof told === "string" ? told : "", ...mark };
  }
  const entries = entriesOf(told);
  const signature = entries.findLast((entry) => entry.signature !== "")?.signature;
  return {
    text: entries.map((entry) => entry.content).join(""),
    ...(signature !== undefined && { signature: markSignature("chat", signature) }),
  };
}

/** The reasoning in a client's history: of worth only with a signature, which chat clients hardly ever have. */
export function decodeReasoning(told: Json | undefined): ThinkingBlock[] {
  return entriesOf(told)
    .filter(({ signature }) => signature !== "")
    .map(({ content, signature }) => ({ type: "thinking", thinking: content, signature }));
}

/** `reasoning_content` for the host that signed it; undefined when no thought is its own. */
export function encodeReasoning(blocks: Block[]): Json[] | undefined {
  const entries = blocks.flatMap((block): Json[] => {
    const token = block.type === "thinking" ? tokenFrom("chat", block.signature) : undefined;
    return block.type === "thinking" && token ? [{ content: block.thinking, signature: token }] : [];
  });
  return entries.length > 0 ? entries : undefined;
}

function entriesOf(told: Json | undefined): { content: string; signature: string }[] {
  if (!Array.isArray(told)) return [];
  return told.filter(isObject).map(({ content, signature }) => ({
    content: typeof content === "string" ? content : "",
    signature: typeof signature === "string" ? signature : "",
  }));
}
