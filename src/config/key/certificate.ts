import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { CredentialsError } from "../../errors.ts";
import type { ClientCertificate } from "../credentials.ts";

const DAY = 86_400_000;
const SOON = 3 * DAY;

/**
 * The certificate and key of an x509 service key, proven to belong together and to be valid today.
 * @param names how the two fields are called where the user wrote them
 * @throws CredentialsError when one is not PEM, they do not match, or the certificate has expired (with the date)
 */
export function checkCertificate(
  pem: { certificate: string; key: string },
  names: { certificate: string; key: string },
): ClientCertificate {
  const certificate = withLineBreaks(pem.certificate);
  const key = withLineBreaks(pem.key);
  const leaf = readPem(names.certificate, () => new X509Certificate(certificate));
  const privateKey: KeyObject = readPem(names.key, () => createPrivateKey(key));
  if (!leaf.checkPrivateKey(privateKey)) {
    throw new CredentialsError(
      "certificate_mismatch",
      `${names.certificate} and ${names.key} do not belong together.`,
    );
  }
  const expiresAt = new Date(leaf.validTo);
  if (expiresAt.getTime() <= Date.now()) {
    throw new CredentialsError(
      "certificate_expired",
      `${names.certificate} expired on ${dayOf(expiresAt)}.`,
      {
        hint: "Create a new service key in SAP BTP and run `aicore login` with it.",
      },
    );
  }
  return { kind: "certificate", certificate, key, expiresAt };
}

/** A sentence for a certificate that is about to expire. SAP's example makes them valid for 7 days. */
export function expiryWarning(expiresAt: Date): string | undefined {
  if (expiresAt.getTime() - Date.now() > SOON) return undefined;
  return `The certificate of this service key expires on ${dayOf(expiresAt)}; create a new key before then.`;
}

/** Environment variables often hold PEM with the two characters `\n` for a line break (LiteLLM does the same, 2026). */
function withLineBreaks(pem: string): string {
  return `${pem.replaceAll("\\r", "").replaceAll("\\n", "\n").replaceAll("\r\n", "\n").trim()}\n`;
}

function readPem<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new CredentialsError("certificate_invalid", `${name} is not valid PEM.`, { cause });
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
