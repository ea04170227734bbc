/** Who may use the proxy, and how much of it. */

/** "admin" keys open `/admin` and the dashboard besides; no other key ever does (security T16). */
export type KeyRole = "inference" | "admin";

/** What a key may use; what is not there is not limited. Days and months are those of UTC. */
export interface Limits {
  /** Model ids or patterns with `*`, in the client's words or SAP's. */
  models?: string[];
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  tokensPerDay?: number;
  tokensPerMonth?: number;
  /** Capacity units, over the whole life of the key. */
  budget?: number;
  /** Requests at the same time. */
  concurrency?: number;
}

/** A key as everything but its check knows it. */
export interface ApiKey {
  /** `key_` and hex for one of `aicore keys create`; "local", "environment", "settings" or "one-time" for the others. */
  id: string;
  name: string;
  role: KeyRole;
  limits: Limits;
  /** Milliseconds since 1970. */
  expiresAt: number | undefined;
}

/** A key that the proxy accepts. */
export interface AcceptedKey extends ApiKey {
  /** The key itself, or `sha256:` and the 64 hex digits of its digest. */
  secret: string;
}
