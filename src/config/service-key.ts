import { CredentialsError } from "../errors.ts";
import { isObject, type JsonObject } from "../hub/json.ts";
import { parseKeyJson } from "./key/decode.ts";
import {
  credentialsFromFields,
  type KeyFields,
  type KeyOptions,
  type KeyWording,
  type ParsedKey,
} from "./key/fields.ts";
import { otherService } from "./key/other-service.ts";
import { unwrapKey } from "./key/unwrap.ts";

/** The field names of a BTP service key for `aicore` (SAP Help, "Create a Service Key", 2026). */
const WORDING: KeyWording = {
  source: "Service key",
  fields: {
    clientid: "clientid",
    clientsecret: "clientsecret",
    url: "url",
    certurl: "certurl",
    certificate: "certificate",
    key: "key",
    apiUrl: "serviceurls.AI_API_URL",
  },
  question: "Is this an SAP AI Core key?",
};

/**
 * A service key in any of the forms that people have it in: bare, wrapped, `VCAP_SERVICES`, the output of
 * `cf service-key`, a Kubernetes secret; with a byte order mark or in a Markdown fence.
 * @throws CredentialsError naming what is wrong, and never a word of the text
 */
export function parseServiceKey(text: string, options: KeyOptions = {}): ParsedKey {
  if (text.includes("\0"))
    throw new CredentialsError("key_encoding", "Service key is saved as UTF-16, save as UTF-8.");
  const document = parseKeyJson(text);
  const key = unwrapKey(document);
  const other = otherService(document, key);
  if (other !== undefined) {
    throw new CredentialsError(
      "key_of_other_service",
      `This looks like a '${other}' key, not an SAP AI Core key.`,
      {
        hint: "In the BTP cockpit, create a service key for your instance of SAP AI Core (plan extended).",
      },
    );
  }
  return readServiceKey(key, options);
}

/** The same for a key that has been unwrapped already, such as the credentials of a binding. */
export function readServiceKey(key: JsonObject, options: KeyOptions = {}): ParsedKey {
  const urls = isObject(key.serviceurls) ? key.serviceurls : {};
  const parsed = credentialsFromFields(fieldsOf(key, urls), WORDING, options);
  const { identityzoneid, resourceGroup } = key;
  return {
    ...parsed,
    credentials: {
      ...parsed.credentials,
      ...(typeof identityzoneid === "string" && identityzoneid ? { tenantId: identityzoneid } : {}),
    },
    ...(typeof resourceGroup === "string" && resourceGroup ? { resourceGroup } : {}),
  };
}

/** A key that says it is x509 is read as one, even when a secret stands beside the certificate. */
function fieldsOf(key: JsonObject, urls: JsonObject): KeyFields {
  const text = (name: string, from: JsonObject = key) => {
    const value = from[name];
    if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
    throw new CredentialsError("key_invalid", `Service key: ${name} must be a string.`);
  };
  const isX509 = key["credential-type"] === "x509";
  return {
    clientid: text("clientid"),
    clientsecret: isX509 ? undefined : text("clientsecret"),
    url: text("url"),
    certurl: text("certurl"),
    certificate: text("certificate") ?? (isX509 ? "" : undefined),
    key: text("key"),
    apiUrl: text("AI_API_URL", urls),
  };
}
