/** What the keychain's child process is asked, one JSON document on its stdin, and what it answers on its stdout. */

export type KeychainRequest = { account: string } & (
  | { op: "get" }
  | { op: "delete" }
  /** `secret` is base64, here and below. */
  | { op: "set"; secret: string }
);

export type KeychainAnswer =
  | { ok: true; secret: string | null }
  /** `step` tells a module that is not installed from a keychain that refuses. */
  | { ok: false; step: "load" | "call"; message: string };

/** The service that entries stand under: a name that keytar never used, whose entries would not be compatible. */
export const KEYCHAIN_SERVICE = "aicore-cli";
