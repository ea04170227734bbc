import type { Database } from "../database/open.ts";
import type { KeyRow } from "../database/schema.ts";
import { UsageError } from "../errors.ts";

/** The keys of `aicore keys create`. */
export interface KeyStore {
  /** @throws UsageError `key_name_taken` while another key that is not revoked has the name. */
  create(key: KeyRow): Promise<void>;
  /** All keys, revoked and expired ones too, oldest first. */
  list(): Promise<KeyRow[]>;
  /**
   * Takes back a key. One that was revoked before keeps its time.
   * @returns the key as it is now; undefined when there is none of this id or name.
   */
  revoke(idOrName: string, at: number): Promise<KeyRow | undefined>;
}

export function keyStore({ kysely }: Database): KeyStore {
  return {
    create: async (key) => {
      const created = await kysely
        .insertInto("aicore_keys")
        .values(key)
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .execute();
      if (!created.length) throw nameTaken(key.name);
    },
    list: () => kysely.selectFrom("aicore_keys").selectAll().orderBy("created_at").orderBy("id").execute(),
    revoke: async (idOrName, at) => {
      const found = await kysely
        .selectFrom("aicore_keys")
        .selectAll()
        .where((where) => where.or([where("id", "=", idOrName), where("name", "=", idOrName)]))
        .orderBy("created_at", "desc")
        .execute();
      const meant =
        found.find(({ id }) => id === idOrName) ?? found.find((key) => key.revoked_at === null) ?? found[0];
      if (!meant || meant.revoked_at !== null) return meant;
      await kysely
        .updateTable("aicore_keys")
        .set({ revoked_at: at })
        .where("id", "=", meant.id)
        .where("revoked_at", "is", null)
        .execute();
      return { ...meant, revoked_at: at };
    },
  };
}

function nameTaken(name: string): UsageError {
  return new UsageError("key_name_taken", `There is a key named "${name}" already.`, {
    hint: `Choose another name, or revoke the old one: aicore keys revoke "${name}"`,
  });
}
