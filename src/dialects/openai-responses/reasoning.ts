import { isObject, type Json, type JsonObject } from "../../hub/json.ts";
import type { RedactedThinkingBlock, ThinkingBlock } from "../../hub/messages.ts";
import { isClaudeSignature, markSignature, tokenFrom } from "../../hub/signature.ts";

type Thought = ThinkingBlock | RedactedThinkingBlock;

/**
 * Reasoning items ⇄ thoughts. To a client `encrypted_content` carries the signature of whoever thought: OpenAI's own
 * as it is, ours with its mark, Claude's behind a mark of this dialect, so that a later turn on GPT can tell it apart.
 */
const OURS = "aicore.";
const CLAUDE = "claude.";
/** A thought that Claude sealed as a whole. Signatures are base64 and have no dot: the two marks differ. */
const CLAUDE_REDACTED = "claude.redacted.";

/** The parts of a reasoning item as one text: summaries first, as far as there are any, else the reasoning itself. */
export function reasoningText({ summary, content }: JsonObject): string {
  return textsOf(summary) || textsOf(content);
}

/** What GPT needs back: OpenAI looks at both. Ids have no colon. */
export function reasoningSignature({ id, encrypted_content }: JsonObject): string | undefined {
  if (typeof encrypted_content !== "string" || encrypted_content === "") return undefined;
  return markSignature("responses", `${typeof id === "string" ? id : ""}:${encrypted_content}`);
}

/** An item of a client's history. Without `encrypted_content` nobody can take it back, and it is left out. */
export function decodeReasoning(item: JsonObject): Thought[] {
  const { encrypted_content: sealed } = item;
  const thinking = reasoningText(item);
  if (typeof sealed !== "string" || sealed === "") return [];
  if (sealed.startsWith(CLAUDE_REDACTED)) {
    return [{ type: "redacted_thinking", data: sealed.slice(CLAUDE_REDACTED.length) }];
  }
  if (sealed.startsWith(CLAUDE)) {
    return [{ type: "thinking", thinking, signature: sealed.slice(CLAUDE.length) }];
  }
  const signature = sealed.startsWith(OURS) ? sealed : reasoningSignature(item);
  return signature === undefined ? [] : [{ type: "thinking", thinking, signature }];
}

/** An item for OpenAI: of a thought that is its own, of no other. */
export function encodeReasoning(block: Thought): JsonObject[] {
  const own = block.type === "thinking" ? ownToken(block.signature) : undefined;
  if (block.type !== "thinking" || own === undefined) return [];
  const { id, encrypted_content } = own;
  return [
    { type: "reasoning", ...(id !== "" && { id }), summary: summaryOf(block.thinking), encrypted_content },
  ];
}

/** `encrypted_content` for a client. The id of an item of OpenAI's own is told anew; with the content it is not looked up. */
export function sealThought(block: Thought): string | undefined {
  if (block.type === "redacted_thinking") return CLAUDE_REDACTED + block.data;
  const { signature } = block;
  const sealed = ownToken(signature)?.encrypted_content;
  return sealed ?? (isClaudeSignature(signature) ? CLAUDE + signature : signature);
}

export function summaryOf(text: string): JsonObject[] {
  return text === "" ? [] : [{ type: "summary_text", text }];
}

function ownToken(signature: string | undefined): { id: string; encrypted_content: string } | undefined {
  const token = tokenFrom("responses", signature);
  if (token === undefined) return undefined;
  const colon = token.indexOf(":");
  return { id: token.slice(0, Math.max(colon, 0)), encrypted_content: token.slice(colon + 1) };
}

function textsOf(parts: Json | undefined): string {
  const list = Array.isArray(parts) ? parts.filter(isObject) : [];
  return list.map(({ text }) => (typeof text === "string" ? text : "")).join("\n\n");
}
