/**
 * The one place that touches the system keychain, as a process of its own: the module connects synchronously, so a
 * D-Bus that accepts and never answers would freeze our event loop for good (measured 2026-11). Its parent kills it.
 */
import { text } from "node:stream/consumers";
import { KEYCHAIN_SERVICE, type KeychainAnswer, type KeychainRequest } from "./keychain-protocol.ts";

type Keyring = typeof import("@napi-rs/keyring");

void text(process.stdin)
  .then((request) => answer(JSON.parse(request)))
  .then((answered) => process.stdout.write(JSON.stringify(answered)));

async function answer(request: KeychainRequest): Promise<KeychainAnswer> {
  let keyring: Keyring;
  try {
    keyring = await import("@napi-rs/keyring");
  } catch (error) {
    return { ok: false, step: "load", message: String(error) };
  }
  try {
    return { ok: true, secret: perform(keyring, request) };
  } catch (error) {
    return { ok: false, step: "call", message: error instanceof Error ? error.message : String(error) };
  }
}

/** Pinned to the Secret Service: by default the module falls back to the kernel's keyring, which a reboot empties. */
function perform(keyring: Keyring, request: KeychainRequest): string | null {
  const entry = new keyring.Entry(KEYCHAIN_SERVICE, request.account, { linux: { store: "secret-service" } });
  if (request.op === "set") {
    entry.setSecret(Buffer.from(request.secret, "base64"));
    return null;
  }
  const found = entry.getSecret();
  if (request.op === "delete" && found) entry.deleteCredential();
  return found && request.op === "get" ? Buffer.from(found).toString("base64") : null;
}
