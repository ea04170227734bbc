/** `aicore keys list|create|revoke`: who may use the proxy, and how much of it. */
import { nearest } from "../config/rules.ts";
import type { KeyRow } from "../database/schema.ts";
import { UsageError } from "../errors.ts";
import { keyDocument, type ManagedKey, managedKey } from "../keys/managed-key.ts";
import { digestOf, newKey } from "../keys/new-key.ts";
import { periodsOf } from "../keys/spending-store.ts";
import { askYesNo } from "../terminal/prompt.ts";
import { renderTable } from "../terminal/table.ts";
import { withKeysDatabase } from "./keys-database.ts";
import { type CreateOptions, keyWishFrom } from "./keys-options.ts";
import { keyColumns, lineOf } from "./keys-table.ts";
import { type ListOptions, printList } from "./list-format.ts";
import type { Context } from "./types.ts";

const CREATE = "Make the first: aicore keys create --name <name>";

export async function list(context: Context, _args: string[], options: ListOptions): Promise<undefined> {
  const { out } = context;
  const now = Date.now();
  const keys = await withKeysDatabase(context, async ({ keys: store, spending }) => {
    const rows = await store.list();
    const { day, month, all } = periodsOf(now);
    const spent = await spending.read(
      rows.map(({ id }) => id),
      [day, month, all],
    );
    return rows.map((row) => managedKey(row, spent, now));
  });
  printList(out, options, {
    document: { keys: keys.map(keyDocument) },
    names: keys.filter(({ revokedAt }) => revokedAt === undefined).map(({ name }) => name),
    table: () => {
      if (keys.length > 0) out.result(renderTable(keyColumns(out.paint, now), keys, out.width));
      else out.say(`There are no keys yet. ${CREATE}`);
    },
  });
  return undefined;
}

/** On stdout stands the key alone, so that a script can take it; nobody can read it again later. */
export async function create(context: Context, _args: string[], options: CreateOptions): Promise<undefined> {
  const { out } = context;
  const now = Date.now();
  const { key, row } = newKey(keyWishFrom(options, now), now);
  await withKeysDatabase(context, ({ keys }) => keys.create(row));
  const made = managedKey(row, [], now);
  if (out.json) {
    const { spent: _nothing, revoked_at: _never, ...document } = keyDocument(made);
    out.document({ id: made.id, name: made.name, key, ...document });
    return undefined;
  }
  out.say(`Made: ${lineOf(made)}. It is shown this once; a running proxy accepts it within a second:`);
  out.result(key);
  return undefined;
}

/** Nothing is asked where nobody can answer: to shut somebody out must not fail for that. */
export async function revoke(
  context: Context,
  [asked = ""]: string[],
  { yes }: { yes?: boolean },
): Promise<undefined> {
  const { out } = context;
  await withKeysDatabase(context, async ({ keys }) => {
    const before = find(await keys.list(), asked);
    const wasRevoked = before.revoked_at !== null;
    if (!wasRevoked && !yes && out.interactive) await confirm(managedKey(before, [], Date.now()));
    const row = (await keys.revoke(before.id, Date.now())) ?? before;
    const revoked = managedKey(row, [], Date.now());
    if (out.json) {
      const { spent: _unread, ...document } = keyDocument(revoked);
      out.document(document);
    } else if (wasRevoked) out.result(`Nothing to do: ${lineOf(revoked)}.`);
    else out.result(`Revoked: ${row.name} (${row.id}). Running proxies refuse it within a second.`);
  });
  return undefined;
}

async function confirm(key: ManagedKey): Promise<void> {
  if (await askYesNo(`Revoke ${lineOf(key)}? Who uses it is shut out for good.`)) return;
  throw new UsageError("declined", "Nothing was revoked.");
}

/**
 * By id, by name (of the key that is valid, for a revoked one leaves its name to others), or by the key itself or its
 * beginning: that may be all that is known of one that leaked.
 */
function find(rows: readonly KeyRow[], asked: string): KeyRow {
  const valid = rows.filter(({ revoked_at }) => revoked_at === null);
  const found =
    rows.find(({ id }) => id === asked) ??
    valid.find(({ name }) => name === asked) ??
    rows.findLast(({ name }) => name === asked) ??
    rows.find(({ digest, prefix }) => digest === digestOf(asked) || prefix === asked);
  if (found) return found;
  const meant = nearest(
    asked,
    valid.flatMap(({ id, name }) => [name, id]),
  );
  throw new UsageError(
    "key_not_found",
    `There is no key "${asked}".${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    { hint: valid.length > 0 ? "See them: aicore keys list" : CREATE },
  );
}
