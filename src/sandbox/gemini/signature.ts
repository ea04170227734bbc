/**
 * Thought signatures. The key is fixed, so that what one sandbox signed another takes back; a signature that was
 * altered, moved to another call, or made by someone else is refused.
 */
import { createHmac } from "node:crypto";
import type { Part } from "./wire.ts";

const KEY = "aicore sandbox thought";
/** What Google documents for calls that Gemini did not make. */
const STAND_IN = "skip_thought_signature_validator";

/** Of a call: over its name and arguments. Of a text: the same for all, for the text may be cut on its way. */
export function signatureOf({ functionCall }: Part): string {
  const signed = functionCall ? `${functionCall.name} ${JSON.stringify(functionCall.args ?? {})}` : "text";
  // Real signatures begin like this: a protobuf in base64.
  return `CtoC${createHmac("sha256", KEY).update(signed).digest("base64")}`;
}

export function isSignedWell(part: Part): boolean {
  return part.thoughtSignature === STAND_IN || part.thoughtSignature === signatureOf(part);
}
