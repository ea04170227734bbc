import type { RequestRow } from "../../database/schema.ts";
import type { ApiKey, KeyRole, Limits } from "../../keys/api-key.ts";
import type { Spent } from "../../keys/gate.ts";
import type { RequestRecord } from "../../usage/request-record.ts";
import type { RecentQuery, UsageFigures, UsageQuery } from "../../usage/usage-store.ts";

/**
 * What `/admin` asks the database for; it lives in another thread. Every call may throw an AicoreError: a name that is
 * taken, a database that is away.
 */
export interface AdminBackend {
  /** All keys of the database, expired and revoked ones too. */
  listKeys(): Promise<ManagedKey[]>;
  createKey(input: NewKey): Promise<CreatedKey>;
  /** The key, revoked now or before; undefined: there is none of that id or name. */
  revokeKey(idOrName: string): Promise<ManagedKey | undefined>;
  figures(query: UsageQuery): Promise<UsageFigures[]>;
  /** The newest requests, newest first. */
  recent(query: RecentQuery): Promise<RequestRow[]>;
  /** What the database will hold of a request that is over. */
  rowOf(record: RequestRecord): RequestRow;
}

/** What a new key is to be. */
export interface NewKey {
  name: string;
  role: KeyRole;
  limits: Limits;
  /** Milliseconds since 1970. */
  expiresAt: number | undefined;
}

/** A key as its administrator sees it; times are milliseconds since 1970. */
export interface ManagedKey extends ApiKey {
  /** The first characters of the key, to tell keys apart. */
  prefix: string;
  createdAt: number;
  revokedAt: number | undefined;
  /** Since midnight and since the first of the month, both UTC, and in its whole life. */
  spent: { today: Spent; month: Spent; all: Spent };
}

export interface CreatedKey extends ManagedKey {
  /** The key itself, which nobody can read again later. */
  secret: string;
}
