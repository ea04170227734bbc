/** The keys of the database, for the commands that manage them. */
import { databaseFor } from "../config/database.ts";
import { pathsFor } from "../config/paths.ts";
import { openDatabase } from "../database/open.ts";
import { type KeyStore, keyStore } from "../keys/key-store.ts";
import { type SpendingStore, spendingStore } from "../keys/spending-store.ts";
import type { Output } from "../terminal/output.ts";

export interface KeysDatabase {
  keys: KeyStore;
  spending: SpendingStore;
}

/** @throws what `databaseFor` and `openDatabase` do */
export async function withKeysDatabase<T>(
  { env, out }: { env: NodeJS.ProcessEnv; out: Output },
  work: (database: KeysDatabase) => Promise<T>,
): Promise<T> {
  const where = databaseFor(pathsFor(env), env).keys;
  const database = await openDatabase(where, "keys", { warn: (message) => out.warn(message) });
  try {
    return await work({ keys: keyStore(database), spending: spendingStore(database) });
  } finally {
    await database.close();
  }
}
