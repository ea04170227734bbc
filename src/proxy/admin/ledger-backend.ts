import type { KeyRow } from "../../database/schema.ts";
import { storedKey } from "../../keys/accepted.ts";
import type { Spent } from "../../keys/gate.ts";
import { storedLimits } from "../../keys/limits.ts";
import { newKey } from "../../keys/new-key.ts";
import { periodsOf } from "../../keys/spending-store.ts";
import type { Ledger } from "../../usage/ledger/index.ts";
import type { KnownKey } from "../../usage/ledger/messages.ts";
import type { AdminBackend, ManagedKey } from "./backend.ts";

/** `/admin` on the database of the ledger. */
export function ledgerBackend(ledger: Pick<Ledger, "ask">, rowOf: AdminBackend["rowOf"]): AdminBackend {
  const listKeys = async () => (await ledger.ask("keys", undefined)).map(managedKey);
  return {
    listKeys,
    async createKey({ name, role, limits, expiresAt }) {
      const { id, key, prefix, digest } = newKey();
      const row: KeyRow = {
        id,
        name,
        role,
        prefix,
        digest,
        limits: storedLimits(limits),
        created_at: Date.now(),
        expires_at: expiresAt ?? null,
        revoked_at: null,
      };
      await ledger.ask("createKey", row);
      return { ...managedKey({ row, spent: [] }), secret: key };
    },
    async revokeKey(idOrName) {
      const revoked = await ledger.ask("revokeKey", { idOrName, at: Date.now() });
      return revoked && (await listKeys()).find(({ id }) => id === revoked.id);
    },
    figures: (query) => ledger.ask("figures", query),
    recent: (query) => ledger.ask("recent", query),
    rowOf,
  };
}

function managedKey({ row, spent }: KnownKey): ManagedKey {
  const { secret: _digest, ...key } = storedKey(row);
  const { day, month, all } = periodsOf(Date.now());
  const spentIn = (wanted: string): Spent => {
    const found = spent.find(({ period }) => period === wanted);
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
