/** Whether `aicore keys create` has made a key that may be used now. */
import { databaseFor } from "../config/database.ts";
import { pathsFor } from "../config/paths.ts";
import { openDatabase } from "../database/open.ts";
import { AicoreError } from "../errors.ts";
import { keyStore } from "../keys/key-store.ts";

/** @throws as `openDatabase` does; without an embedded database there are none */
export async function hasStoredKeys(env: NodeJS.ProcessEnv, now = Date.now()): Promise<boolean> {
  try {
    const database = await openDatabase(databaseFor(pathsFor(env), env).keys, "keys");
    const keys = await keyStore(database)
      .list()
      .finally(() => database.close());
    return keys.some(({ revoked_at, expires_at }) => revoked_at === null && (expires_at ?? now + 1) > now);
  } catch (error) {
    if (error instanceof AicoreError && error.code === "database_engine_missing") return false;
    throw error;
  }
}
