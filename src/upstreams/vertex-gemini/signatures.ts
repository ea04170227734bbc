import { geminiToken } from "../../hub/thought-signature.ts";
import { rewriteEach, withMember } from "../copy-on-write.ts";
import type { Call } from "../types.ts";
import { type Content, namedIn, type Part } from "./content.ts";

/** Google's documented stand-in for calls that Gemini did not make (ai.google.dev, "Thought signatures", 2026). */
const STAND_IN = "skip_thought_signature_validator";

/** A part without the signature of another maker's thought, which a client brings along when it changes models. */
export function ownSignature(part: Part): Part {
  const { thoughtSignature: signature } = part;
  return typeof signature === "string" ? withMember(part, "thoughtSignature", geminiToken(signature)) : part;
}

/**
 * From Gemini 3 on the first call of each step has to bring back its signature: `Function call is missing a
 * thought_signature in functionCall parts` (vercel/ai#15550, 2026-05; Google says only the current turn is checked).
 * The whole history gets the stand-in, so that the cached prefix does not change when a turn ends. Parallel calls
 * behind the first have none of their own (envoy ai-gateway#2366, 2026-07).
 */
export function signCalls(content: Content, call: Call): Content {
  if (call.capabilities.thinking !== "level" || content.role !== "model") return content;
  const first = content.parts.findIndex((part) => namedIn(part, "functionCall"));
  const parts = rewriteEach<Part>(content.parts, (part, index) =>
    index === first && part.thoughtSignature === undefined ? { ...part, thoughtSignature: STAND_IN } : part,
  );
  return withMember(content, "parts", parts);
}
