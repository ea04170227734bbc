import { type Kysely, sql } from "kysely";
import { ConfigError } from "../errors.ts";
import type { Tables } from "./schema.ts";

/** The tables that a database holds: a file holds those of one kind, Postgres all. */
export type TableSet = "keys" | "requests" | "all";

interface Migration {
  id: number;
  tables: "keys" | "requests";
  up(db: Kysely<Tables>): Promise<void>;
}

interface Applied {
  id: number;
  applied_at: number;
}

/** Never change one that was released: add another. They run in a transaction, on SQLite and on Postgres. */
const MIGRATIONS: Migration[] = [
  { id: 1, tables: "keys", up: createKeys },
  { id: 2, tables: "keys", up: createSpending },
  { id: 3, tables: "requests", up: createRequests },
];

const LATEST = Math.max(...MIGRATIONS.map(({ id }) => id));
/** Any number that no other program takes: "aicore" in ASCII. */
const ADVISORY_LOCK = 0x6169_636f_7265;

/**
 * Brings the tables up to date. One process does it, others that start at the same time wait for it.
 * @throws ConfigError `database_newer` when a newer aicore made the tables.
 */
export async function migrate(
  kysely: Kysely<Tables>,
  kind: "sqlite" | "postgres",
  tables: TableSet,
): Promise<void> {
  if (!(await pending(kysely, kind, tables)).length) return;
  await locked(kysely, kind, async (db) => {
    await history(db)
      .schema.createTable("aicore_migrations")
      .ifNotExists()
      .addColumn("id", "integer", (column) => column.primaryKey())
      .addColumn("applied_at", "bigint", (column) => column.notNull())
      .execute();
    for (const { id, up } of await pending(db, kind, tables)) {
      await up(db);
      await history(db).insertInto("aicore_migrations").values({ id, applied_at: Date.now() }).execute();
    }
  });
}

async function pending(
  kysely: Kysely<Tables>,
  kind: "sqlite" | "postgres",
  tables: TableSet,
): Promise<Migration[]> {
  const applied = (await hasHistory(kysely, kind))
    ? (await history(kysely).selectFrom("aicore_migrations").select("id").execute()).map(({ id }) => id)
    : [];
  const newest = Math.max(0, ...applied);
  if (newest > LATEST) throw newer(newest);
  return MIGRATIONS.filter((one) => (tables === "all" || tables === one.tables) && !applied.includes(one.id));
}

async function hasHistory(kysely: Kysely<Tables>, kind: "sqlite" | "postgres"): Promise<boolean> {
  const found =
    kind === "sqlite"
      ? await sql`select 1 from sqlite_master where name = 'aicore_migrations'`.execute(kysely)
      : await sql`select 1 where to_regclass('aicore_migrations') is not null`.execute(kysely);
  return found.rows.length > 0;
}

function history(kysely: Kysely<Tables>): Kysely<{ aicore_migrations: Applied }> {
  return kysely as unknown as Kysely<{ aicore_migrations: Applied }>;
}

function newer(found: number): ConfigError {
  return new ConfigError(
    "database_newer",
    `The database was made by a newer aicore: it has version ${found} of the tables, this one knows ${LATEST}.`,
    { hint: "Update aicore: npm install -g aicore" },
  );
}

/** A transaction that nobody else can be in: SQLite's write lock taken at once, or a lock of Postgres by number. */
async function locked(
  kysely: Kysely<Tables>,
  kind: "sqlite" | "postgres",
  work: (db: Kysely<Tables>) => Promise<void>,
): Promise<void> {
  if (kind === "postgres") {
    await kysely.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK})`.execute(transaction);
      await work(transaction);
    });
    return;
  }
  await kysely.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await work(connection);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
}

async function createKeys(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("aicore_keys")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("role", "text", (column) => column.notNull())
    .addColumn("prefix", "text", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull().unique())
    .addColumn("limits", "text", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("expires_at", "bigint")
    .addColumn("revoked_at", "bigint")
    .execute();
  // The name of a revoked key is free again.
  await db.schema
    .createIndex("aicore_keys_name")
    .unique()
    .on("aicore_keys")
    .column("name")
    .where(sql.ref("revoked_at"), "is", null)
    .execute();
}

async function createSpending(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("aicore_spending")
    .addColumn("key_id", "text", (column) => column.notNull())
    .addColumn("period", "text", (column) => column.notNull())
    .addColumn("requests", "bigint", (column) => column.notNull())
    .addColumn("tokens", "bigint", (column) => column.notNull())
    .addColumn("capacity_units", "double precision", (column) => column.notNull())
    .addPrimaryKeyConstraint("aicore_spending_key", ["key_id", "period"])
    .execute();
}

async function createRequests(db: Kysely<Tables>): Promise<void> {
  const required = ["day", "key_id", "key_name", "dialect", "outcome", "usage_source"] as const;
  const optional = ["profile", "tool", "session", "requested", "model", "deployment"] as const;
  const counts = [
    ...["at", "streamed", "status", "attempts", "took", "input_tokens", "cache_read_tokens"],
    ...["cache_write_5m_tokens", "cache_write_1h_tokens", "output_tokens", "reasoning_tokens"],
  ];
  let table = db.schema
    .createTable("aicore_requests")
    .addColumn("id", "text", (column) => column.primaryKey());
  for (const name of required) table = table.addColumn(name, "text", (column) => column.notNull());
  for (const name of optional) table = table.addColumn(name, "text");
  for (const name of counts) table = table.addColumn(name, "bigint", (column) => column.notNull());
  await table.addColumn("first_byte", "bigint").addColumn("capacity_units", "double precision").execute();
  await db.schema.createIndex("aicore_requests_at").on("aicore_requests").column("at").execute();
}
