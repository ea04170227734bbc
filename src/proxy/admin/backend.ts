import type { RequestRow } from "../../database/schema.ts";
import type { ManagedKey } from "../../keys/managed-key.ts";
import type { KeyWish } from "../../keys/new-key.ts";
import type { RequestRecord } from "../../usage/request-record.ts";
import type { RecentQuery, UsageFigures, UsageQuery } from "../../usage/usage-query.ts";

/**
 * What `/admin` asks the database for; it lives in another thread. Every call may throw an AicoreError: a name that is
 * taken, a database that is away.
 */
export interface AdminBackend {
  /** All keys of the database, expired and revoked ones too. */
  listKeys(): Promise<ManagedKey[]>;
  createKey(wish: KeyWish): Promise<CreatedKey>;
  /** The key, revoked now or before; undefined: there is none of that id or name. */
  revokeKey(idOrName: string): Promise<ManagedKey | undefined>;
  figures(query: UsageQuery): Promise<UsageFigures[]>;
  /** The newest requests, newest first. */
  recent(query: RecentQuery): Promise<RequestRow[]>;
  /** What a request that is over has cost, in capacity units; undefined where that is not known. */
  unitsOf(record: RequestRecord): number | undefined;
}

export interface CreatedKey extends ManagedKey {
  /** The key itself, which nobody can read again later. */
  secret: string;
}
