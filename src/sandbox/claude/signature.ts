/**
 * Signatures over thinking. The key is fixed, so that what one sandbox signed another takes back; a block that was
 * altered on its way, or came from somewhere else, is refused.
 */
import { createHmac } from "node:crypto";

const KEY = "aicore sandbox thinking";

export function sign(thinking: string): string {
  // Real signatures begin like this: a protobuf in base64.
  return `EqoBCkgIBxAB${createHmac("sha256", KEY).update(thinking).digest("base64")}`;
}

/** Thinking that must not be read: it travels sealed, and comes back as it went. */
export function seal(thinking: string): string {
  const text = Buffer.from(thinking).toString("base64url");
  return `${text}.${createHmac("sha256", KEY).update(text).digest("base64url")}`;
}

export function isSealed(data: string): boolean {
  return seal(Buffer.from(data.split(".")[0] ?? "", "base64url").toString()) === data;
}
