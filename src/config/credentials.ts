/** A service key, parsed, checked and normalised: all that is needed to talk to one SAP AI Core tenant. */
export interface Credentials {
  clientId: string;
  /** Full token endpoint: `https://…/oauth/token`, on the mTLS host when the secret is a certificate. */
  tokenUrl: string;
  /** `AI_API_URL` without `/v2` and without a trailing slash. */
  apiUrl: string;
  secret: ClientSecret | ClientCertificate;
  /** `identityzoneid` of the key: sent as `AI-Tenant-Id` only when SAP asks for it. */
  tenantId?: string;
}

export interface ClientSecret {
  kind: "secret";
  clientSecret: string;
}

export interface ClientCertificate {
  kind: "certificate";
  /** PEM chain. */
  certificate: string;
  /** PEM private key. */
  key: string;
  expiresAt: Date;
}

/** Where credentials came from, as `status` shows it. */
export type CredentialSource =
  | "keychain"
  | "encrypted file"
  | "plain file"
  | "AICORE_SERVICE_KEY"
  | "AICORE_CLIENT_ID"
  | "VCAP_SERVICES"
  | "SAP config file";

/** One sub-account as the program uses it: credentials and where its models are looked for. */
export interface Tenant {
  /** The profile's name; "environment" for credentials that come from no profile of ours. */
  profile: string;
  credentials: Credentials;
  source: CredentialSource;
  resourceGroup: string;
  /** All groups that it serves, when a profile lists several and nobody asked for one. */
  resourceGroups?: string[];
  /** Sentences to show on stderr: conflicts between sources, plain-text storage, an expiring certificate. */
  warnings: string[];
}
