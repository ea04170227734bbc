/** What the admin API asks, answered from the database. */
import { keyStore } from "../../keys/key-store.ts";
import { periodsOf, spendingStore } from "../../keys/spending-store.ts";
import { usageStore } from "../usage-store.ts";
import type { Databases } from "./databases.ts";
import type { QuestionKind, Questions } from "./messages.ts";

type Answers = {
  [Kind in QuestionKind]: (
    databases: Databases,
    about: Questions[Kind]["about"],
  ) => Promise<Questions[Kind]["answer"]>;
};

const ANSWERS: Answers = {
  figures: (databases, query) => databases.use("requests", (database) => usageStore(database).figures(query)),
  recent: (databases, query) => databases.use("requests", (database) => usageStore(database).recent(query)),
  keys: (databases) =>
    databases.use("keys", async (database) => {
      const rows = await keyStore(database).list();
      const { day, month, all } = periodsOf(Date.now());
      const ids = rows.map(({ id }) => id);
      const spent = await spendingStore(database).read(ids, [day, month, all]);
      return rows.map((row) => ({ row, spent: spent.filter(({ key_id }) => key_id === row.id) }));
    }),
  createKey: (databases, key) =>
    databases.use("keys", async (database) => {
      await keyStore(database).create(key);
      return undefined;
    }),
  revokeKey: (databases, { idOrName, at }) =>
    databases.use("keys", (database) => keyStore(database).revoke(idOrName, at)),
};

/** @param about what `kind` wants, as `Ledger.ask` checked it */
export function answerTo(databases: Databases, kind: QuestionKind, about: unknown): Promise<unknown> {
  const answer = ANSWERS[kind] as (databases: Databases, about: unknown) => Promise<unknown>;
  return answer(databases, about);
}
