/**
 * Opaque tokens of reasoning travel in `thinking.signature` (and in the like fields of other dialects), because every
 * client returns those unchanged: no session store is needed. A token that is not Claude's own carries a mark of its
 * maker, and goes back only there: Claude refuses a foreign signature, Azure a foreign `encrypted_content`, and
 * Vertex a foreign `thoughtSignature`.
 */
export type SignatureOrigin = "responses" | "gemini" | "chat";

const MARK = "aicore.";

/** The token with its mark. */
export function markSignature(origin: SignatureOrigin, token: string): string {
  return `${MARK}${origin}.${token}`;
}

/** The token, if it was made by `origin`; undefined for every other maker's. */
export function tokenFrom(origin: SignatureOrigin, signature: string | undefined): string | undefined {
  const mark = `${MARK}${origin}.`;
  return signature?.startsWith(mark) ? signature.slice(mark.length) : undefined;
}

/** Whether a signature is Claude's own. */
export function isClaudeSignature(signature: string | undefined): signature is string {
  return signature !== undefined && signature !== "" && !signature.startsWith(MARK);
}
