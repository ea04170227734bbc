import { CredentialsError } from "../../errors.ts";
import type { ClientCertificate, ClientSecret, Credentials } from "../credentials.ts";
import { checkCertificate, expiryWarning } from "./certificate.ts";
import { checkKeyUrl } from "./hosts.ts";

/** What a key consists of, before anything is checked: values as the user wrote them. */
export interface KeyFields {
  clientid?: string | undefined;
  clientsecret?: string | undefined;
  /** XSUAA's base, with or without `/oauth/token`. */
  url?: string | undefined;
  /** Its mTLS twin, on another host: used instead of `url` when the secret is a certificate. */
  certurl?: string | undefined;
  certificate?: string | undefined;
  key?: string | undefined;
  /** With or without `/v2`. */
  apiUrl?: string | undefined;
}

/** How one kind of source calls itself and its fields, so that errors speak the user's words. */
export interface KeyWording {
  /** Opens the sentence: "Service key". */
  source: string;
  fields: Record<keyof KeyFields, string>;
  /** Closes the sentence about missing fields. */
  question?: string;
}

export interface KeyOptions {
  /** Host suffixes that are accepted beside SAP's own. */
  allowHosts?: readonly string[] | undefined;
}

export interface ParsedKey {
  credentials: Credentials;
  /** Not a field of SAP's; some people add it, and SAP's own config file has it. */
  resourceGroup?: string;
  warnings: string[];
}

/**
 * Fields → credentials: trimmed, complete, hosts checked, URLs normalised, the certificate read.
 * @throws CredentialsError naming every missing field at once, or the first faulty one
 */
export function credentialsFromFields(
  raw: KeyFields,
  wording: KeyWording,
  options: KeyOptions = {},
): ParsedKey {
  const { fields, warnings } = trimmed(raw, wording);
  const byCertificate = !fields.clientsecret && (fields.certificate ?? fields.key) !== undefined;
  const tokenField = byCertificate ? "certurl" : "url";
  const needed: (keyof KeyFields)[] = byCertificate
    ? ["clientid", "certificate", "key", tokenField, "apiUrl"]
    : ["clientid", "clientsecret", tokenField, "apiUrl"];
  const missing = needed.filter((field) => !fields[field]).map((field) => wording.fields[field]);
  if (missing.length > 0) throw incomplete(missing, wording);
  const url = (field: "url" | "certurl" | "apiUrl") =>
    checkKeyUrl(fields[field] ?? "", wording.fields[field], options.allowHosts);
  const secret: ClientSecret | ClientCertificate = byCertificate
    ? checkCertificate({ certificate: fields.certificate ?? "", key: fields.key ?? "" }, wording.fields)
    : { kind: "secret", clientSecret: fields.clientsecret ?? "" };
  const expiry = secret.kind === "certificate" ? expiryWarning(secret.expiresAt) : undefined;
  return {
    credentials: {
      clientId: fields.clientid ?? "",
      tokenUrl: `${url(tokenField).replace(/\/+oauth\/token$/, "")}/oauth/token`,
      apiUrl: url("apiUrl").replace(/\/+v2$/, ""),
      secret,
    },
    warnings: expiry ? [...warnings, expiry] : warnings,
  };
}

/** Copying from a terminal or a mail adds spaces and turns quotes; the former can be undone. */
function trimmed(raw: KeyFields, wording: KeyWording): { fields: KeyFields; warnings: string[] } {
  const warnings: string[] = [];
  const entries = Object.entries(wording.fields).map(([field, name]) => {
    const value = raw[field as keyof KeyFields];
    const text = value?.trim();
    const isPem = field === "certificate" || field === "key";
    if (!isPem && text !== value)
      warnings.push(`${name} had spaces or line breaks around it; they were removed.`);
    if (text && /[\u201c-\u201f]/.test(text)) {
      throw new CredentialsError("key_invalid", `${name} contains a typographic quote (“ or ”).`, {
        hint: "Copy the value again from the BTP cockpit, not from a document.",
      });
    }
    return [field, text];
  });
  return { fields: Object.fromEntries(entries), warnings };
}

function incomplete(missing: string[], wording: KeyWording): CredentialsError {
  const question = wording.question ? ` ${wording.question}` : "";
  return new CredentialsError(
    "key_incomplete",
    `${wording.source} is missing: ${missing.join(", ")}.${question}`,
  );
}
