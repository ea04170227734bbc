import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** AES-256-GCM, a box of: nonce (12 bytes) · tag (16) · ciphertext. */
const ALGORITHM = "aes-256-gcm";
const NONCE = 12;
const TAG = 16;

export const KEY_BYTES = 32;

/** @param context what the box belongs to; it opens with the same context only */
export function seal(key: Uint8Array, data: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(data), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

/** @returns undefined when the key, the context or a single bit is not the same */
export function unseal(key: Uint8Array, box: Uint8Array, context: string): Buffer | undefined {
  try {
    const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(Buffer.from(context))
      .setAuthTag(box.subarray(NONCE, NONCE + TAG));
    return Buffer.concat([decipher.update(box.subarray(NONCE + TAG)), decipher.final()]);
  } catch {
    return undefined;
  }
}
