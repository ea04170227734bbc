import { isObject } from "./json.ts";
import type { RedactedThinkingBlock, ThinkingBlock } from "./messages.ts";
import { markSignature, tokenFrom } from "./signature.ts";

/**
 * What Google documents for a call that has no signature because Gemini did not make it, and what clients send in
 * such a place (Gemini CLI 0.61, captured 2026-11-21): it says nothing about a thought.
 */
const NO_SIGNATURE = new Set(["skip_thought_signature_validator", "context_engineering_is_the_way_to_go"]);

/**
 * The `thoughtSignature` with which a thought travels to a Gemini client and back. It holds the whole thought: clients
 * return the signature with the part that it stands on, but leave the thought part out of the history, and Claude
 * takes back only both together. Undefined for a thought that nobody signed.
 */
export function toThoughtSignature(thought: ThinkingBlock | RedactedThinkingBlock): string | undefined {
  if (thought.type === "thinking" && !thought.signature) return undefined;
  return Buffer.from(JSON.stringify(thought), "utf8").toString("base64");
}

/**
 * The thought that a part's `thoughtSignature` stands for.
 * @param text of the thought parts just before it, which goes with a signature of Gemini's own
 */
export function fromThoughtSignature(
  signature: string,
  text: string,
): ThinkingBlock | RedactedThinkingBlock | undefined {
  if (NO_SIGNATURE.has(signature)) return undefined;
  return (
    envelope(signature) ?? { type: "thinking", thinking: text, signature: markSignature("gemini", signature) }
  );
}

/**
 * What Gemini itself is to get back for a `thoughtSignature` that its client sent: its own token, also out of a
 * thought that travelled; undefined for another maker's thought, which it would refuse.
 */
export function geminiToken(signature: string): string | undefined {
  const thought = envelope(signature);
  if (thought === undefined) return signature;
  return thought.type === "thinking" ? tokenFrom("gemini", thought.signature) : undefined;
}

function envelope(signature: string): ThinkingBlock | RedactedThinkingBlock | undefined {
  const text = Buffer.from(signature, "base64").toString("utf8");
  if (!text.startsWith('{"type":')) return undefined;
  try {
    const block: unknown = JSON.parse(text);
    if (!isObject(block)) return undefined;
    if (block.type === "redacted_thinking" && typeof block.data === "string") {
      return { type: "redacted_thinking", data: block.data };
    }
    const { type, thinking, signature: inner } = block;
    return type === "thinking" && typeof thinking === "string" && typeof inner === "string"
      ? { type, thinking, signature: inner }
      : undefined;
  } catch {
    return undefined;
  }
}
