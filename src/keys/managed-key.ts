/** A key as its administrator sees it. */
import type { KeyRow, SpendingRow } from "../database/schema.ts";
import type { JsonObject } from "../hub/json.ts";
import { storedKey } from "./accepted.ts";
import type { ApiKey } from "./api-key.ts";
import type { Spent } from "./gate.ts";
import { limitsDocument } from "./limits.ts";
import { periodsOf } from "./spending-store.ts";

/** Times are milliseconds since 1970. */
export interface ManagedKey extends ApiKey {
  /** The first characters of the key, to tell keys apart. */
  prefix: string;
  createdAt: number;
  revokedAt: number | undefined;
  /** Since midnight, since the first of the month (both UTC), and in its whole life. */
  spent: { today: Spent; month: Spent; all: Spent };
}

/** @param spending rows of this and other keys, in any periods */
export function managedKey(row: KeyRow, spending: readonly SpendingRow[], now: number): ManagedKey {
  const { secret: _digest, ...key } = storedKey(row);
  const { day, month, all } = periodsOf(now);
  const spentIn = (period: string): Spent => {
    const found = spending.find((each) => each.key_id === row.id && each.period === period);
    return {
      requests: found?.requests ?? 0,
      tokens: found?.tokens ?? 0,
      capacityUnits: found?.capacity_units ?? 0,
    };
  };
  return {
    ...key,
    prefix: row.prefix,
    createdAt: row.created_at,
    revokedAt: row.revoked_at ?? undefined,
    spent: { today: spentIn(day), month: spentIn(month), all: spentIn(all) },
  };
}

/** For the command line and the admin API: snake_case, times in ISO 8601. */
export function keyDocument(key: ManagedKey): JsonObject {
  const { today, month, all } = key.spent;
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    role: key.role,
    created_at: timeOf(key.createdAt),
    expires_at: timeOf(key.expiresAt),
    revoked_at: timeOf(key.revokedAt),
    limits: limitsDocument(key.limits),
    spent: { today: spentDocument(today), month: spentDocument(month), all: spentDocument(all) },
  };
}

function spentDocument({ requests, tokens, capacityUnits }: Spent): JsonObject {
  return { requests, tokens, capacity_units: capacityUnits };
}

function timeOf(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
