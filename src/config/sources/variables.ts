import { readFileSync } from "node:fs";
import { CredentialsError } from "../../errors.ts";
import { credentialsFromFields, type KeyOptions, type KeyWording, type ParsedKey } from "../key/fields.ts";

/** A value by its `AICORE_…` name: from the environment, or from SAP's config file. Empty counts as unset. */
export type LookUp = (name: string) => string | undefined;

/** The three ways to prove who one is, each with the variables that belong to it. Exactly one may be taken. */
const PROOFS = {
  secret: ["AICORE_CLIENT_SECRET"],
  strings: ["AICORE_CERT_STR", "AICORE_KEY_STR"],
  files: ["AICORE_CERT_FILE_PATH", "AICORE_KEY_FILE_PATH"],
} as const;

type Proof = keyof typeof PROOFS;

/** All that make up a set of credentials: one of them is enough to make its source the one that counts. */
export const CREDENTIAL_VARIABLES = [
  "AICORE_CLIENT_ID",
  "AICORE_AUTH_URL",
  "AICORE_BASE_URL",
  "AICORE_CERT_URL",
  ...Object.values(PROOFS).flat(),
];

export function definesCredentials(lookUp: LookUp): boolean {
  return CREDENTIAL_VARIABLES.some((name) => lookUp(name));
}

/**
 * Credentials from the variables of SAP's Python SDK.
 * @param source opens the sentence about what is missing
 * @throws CredentialsError when the set is not complete, or proves twice who one is
 */
export function keyFromVariables(lookUp: LookUp, source: string, options: KeyOptions): ParsedKey {
  const proof = proofOf(lookUp);
  const [certificateName, keyName] = proof === "files" ? PROOFS.files : PROOFS.strings;
  const read = (name: string) => (proof === "files" ? readNamed(name, lookUp(name)) : lookUp(name));
  const wording: KeyWording = {
    source,
    fields: {
      clientid: "AICORE_CLIENT_ID",
      clientsecret: PROOFS.secret[0],
      url: "AICORE_AUTH_URL",
      certurl: "AICORE_CERT_URL",
      certificate: certificateName,
      key: keyName,
      apiUrl: "AICORE_BASE_URL",
    },
    question: "Credentials are never put together from several sources.",
  };
  const fields = {
    clientid: lookUp("AICORE_CLIENT_ID"),
    clientsecret: lookUp(PROOFS.secret[0]),
    url: lookUp("AICORE_AUTH_URL"),
    // SAP's SDK takes AICORE_AUTH_URL for the mTLS host too.
    certurl: lookUp("AICORE_CERT_URL") ?? lookUp("AICORE_AUTH_URL"),
    certificate: proof === "secret" ? undefined : (read(certificateName) ?? ""),
    key: proof === "secret" ? undefined : (read(keyName) ?? ""),
    apiUrl: lookUp("AICORE_BASE_URL"),
  };
  const resourceGroup = lookUp("AICORE_RESOURCE_GROUP");
  return { ...credentialsFromFields(fields, wording, options), ...(resourceGroup ? { resourceGroup } : {}) };
}

function proofOf(lookUp: LookUp): Proof {
  const proofs = Object.entries(PROOFS) as [Proof, readonly string[]][];
  const taken = proofs.flatMap(([proof, names]) => {
    const name = names.find((candidate) => lookUp(candidate));
    return name ? [{ proof, name }] : [];
  });
  const [one, another] = taken;
  if (one && another) {
    throw new CredentialsError("credentials_ambiguous", `Both ${one.name} and ${another.name} are set.`, {
      hint: "Set a client secret, or certificate and key as text, or their file paths: exactly one of the three.",
    });
  }
  return one?.proof ?? "secret";
}

function readNamed(variable: string, path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CredentialsError("key_unreadable", `Cannot read ${path} (${variable}).`, { cause });
  }
}
