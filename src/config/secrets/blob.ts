import { CredentialsError } from "../../errors.ts";
import { isObject, type JsonObject } from "../../hub/json.ts";
import type { Credentials } from "../credentials.ts";
import { checkCertificate } from "../key/certificate.ts";

/** What the secret is bound to, as the settings have it. */
export interface SecretBinding {
  tokenUrl: string;
  apiUrl: string;
  tenantId?: string | undefined;
}

/**
 * The secret part of credentials as it is stored: UTF-8 JSON, version 1. It carries the origins it may be sent to, so
 * that whoever can change the settings but not the keychain cannot have it sent elsewhere.
 */
export function encodeSecret(credentials: Credentials): Buffer {
  const { clientId, tokenUrl, apiUrl, secret } = credentials;
  return Buffer.from(
    JSON.stringify({
      v: 1,
      clientid: clientId,
      ...(secret.kind === "secret"
        ? { clientsecret: secret.clientSecret }
        : { certificate: secret.certificate, key: secret.key }),
      tokenOrigin: new URL(tokenUrl).origin,
      apiOrigin: new URL(apiUrl).origin,
    }),
  );
}

/**
 * A stored secret back as credentials, after the settings have proven to mean the hosts that it was stored for.
 * @throws CredentialsError when they do not, when the secret is damaged, or when its certificate has expired
 */
export function decodeSecret(bytes: Uint8Array, binding: SecretBinding): Credentials {
  const blob = parse(bytes);
  checkOrigin(String(blob.tokenOrigin), binding.tokenUrl);
  checkOrigin(String(blob.apiOrigin), binding.apiUrl);
  const { clientid, clientsecret, certificate, key } = blob;
  const shared = {
    clientId: typeof clientid === "string" ? clientid : "",
    tokenUrl: binding.tokenUrl,
    apiUrl: binding.apiUrl,
    ...(binding.tenantId ? { tenantId: binding.tenantId } : {}),
  };
  if (typeof clientsecret === "string")
    return { ...shared, secret: { kind: "secret", clientSecret: clientsecret } };
  if (typeof certificate !== "string" || typeof key !== "string") throw damaged();
  const names = { certificate: "The certificate of the stored key", key: "the stored private key" };
  return { ...shared, secret: checkCertificate({ certificate, key }, names) };
}

function checkOrigin(stored: string, configured: string): void {
  const origin = URL.canParse(configured) ? new URL(configured).origin : configured;
  if (origin === stored) return;
  throw new CredentialsError(
    "secret_bound_elsewhere",
    `Refusing to send the stored secret: it belongs to ${stored} but the configuration points to ${origin}. ` +
      "Run `aicore login` again if this change is intended.",
  );
}

function parse(bytes: Uint8Array): JsonObject {
  try {
    const blob: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (isObject(blob) && blob.v === 1) return blob;
  } catch {
    // told below, without the text that JSON.parse would quote
  }
  throw damaged();
}

function damaged(): CredentialsError {
  return new CredentialsError(
    "secret_damaged",
    "The stored secret cannot be read. Run `aicore login` again.",
  );
}
