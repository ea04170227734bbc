import { managedKey } from "../../keys/managed-key.ts";
import { newKey } from "../../keys/new-key.ts";
import type { Ledger } from "../../usage/ledger/index.ts";
import type { AdminBackend } from "./backend.ts";

/** `/admin` on the database of the ledger. */
export function ledgerBackend(ledger: Pick<Ledger, "ask">, unitsOf: AdminBackend["unitsOf"]): AdminBackend {
  const listKeys = async () => {
    const known = await ledger.ask("keys", undefined);
    const now = Date.now();
    return known.map(({ row, spent }) => managedKey(row, spent, now));
  };
  return {
    listKeys,
    async createKey(wish) {
      const now = Date.now();
      const { key, row } = newKey(wish, now);
      await ledger.ask("createKey", row);
      return { ...managedKey(row, [], now), secret: key };
    },
    async revokeKey(idOrName) {
      const revoked = await ledger.ask("revokeKey", { idOrName, at: Date.now() });
      return revoked && (await listKeys()).find(({ id }) => id === revoked.id);
    },
    figures: (query) => ledger.ask("figures", query),
    recent: (query) => ledger.ask("recent", query),
    unitsOf,
  };
}
