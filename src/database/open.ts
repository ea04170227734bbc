import { Kysely } from "kysely";
import type { Where } from "../config/database.ts";
import { isCorrupt } from "./errors.ts";
import { keepingStatements } from "./kept-statements.ts";
import { migrate, type TableSet } from "./migrations.ts";
import type { Tables } from "./schema.ts";
import { inodeOf, replaceDamaged } from "./set-aside.ts";
import { attach, openFile, sqliteVersion } from "./sqlite.ts";
import { TurnTakingDialect } from "./sqlite-dialect.ts";
import type { SqliteHandle } from "./sqlite-engine.ts";
import { checkIfSuspect } from "./suspects.ts";

export interface Database {
  kysely: Kysely<Tables>;
  kind: "sqlite" | "postgres";
  /** Engine and version, for people: `node:sqlite (SQLite 3.51.3)`, `PostgreSQL 15.18`. */
  engine: string;
  /**
   * Runs a statement for each item, in the transaction that is open: an embedded database has one connection. It takes
   * 15 µs for a request in libsql, through Kysely 20, and as one of 500, whose 13,000 parameters are written down and
   * prepared anew each time, 50 (2026-11). Undefined where many at once are better, for the database is far away.
   * @returns the items that changed something.
   */
  runEach?<Item>(sql: string, items: readonly Item[], parametersOf: (item: Item) => unknown[]): Item[];
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Told when a damaged file was set aside. */
  warn?: (message: string) => void;
  /**
   * Where the keys are, for a database of requests: its transactions then raise spending too. Postgres needs none, it
   * holds all tables.
   */
  beside?: Where | undefined;
  /** Milliseconds that a statement waits for another process, where it is a file. Default: 5 s. */
  patience?: number;
}

/**
 * Opens a database and brings its tables up to date, under a lock, so that any number of processes may open it at the
 * same time. A damaged SQLite file is set aside as `<file>.corrupt-<time>` and a new one is begun.
 * @throws AicoreError whose code begins with `database_`; ConfigError `file_inaccessible` for a folder that cannot be
 * made; `database_engine_missing` when this Node has no embedded engine, or `pg` is not installed.
 */
export async function openDatabase(
  where: Where,
  tables: TableSet,
  options: OpenOptions = {},
): Promise<Database> {
  if ("url" in where) {
    const { openPostgres } = await import("./postgres.ts");
    return openPostgres(where.url);
  }
  return await openEmbedded(where.file, tables, options);
}

async function openEmbedded(file: string, tables: TableSet, options: OpenOptions): Promise<Database> {
  const inode = inodeOf(file);
  try {
    return await openMigrated(file, tables, options);
  } catch (error) {
    if (!isCorrupt(error) || inode === undefined) throw error;
    const aside = await replaceDamaged(file, inode, async (draft) => {
      const begun = await openMigrated(draft, tables, {});
      await begun.close();
    });
    if (aside !== undefined)
      options.warn?.(`${file} was damaged. It is kept as ${aside}; a new one was begun.`);
    return await openMigrated(file, tables, options);
  }
}

async function openMigrated(file: string, tables: TableSet, options: OpenOptions): Promise<Database> {
  const handle = await openFile(file, options.patience);
  const database = embedded(handle);
  try {
    checkIfSuspect(file, handle.rows);
    await migrate(database.kysely, "sqlite", tables);
    if (options.beside && "file" in options.beside) {
      const migrated = await openEmbedded(options.beside.file, "keys", { ...options, beside: undefined });
      await migrated.close();
      attach(handle, options.beside.file);
    }
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function embedded(handle: SqliteHandle): Database {
  const statements = keepingStatements(handle);
  const kysely = new Kysely<Tables>({ dialect: new TurnTakingDialect({ database: statements }) });
  return {
    kysely,
    kind: "sqlite",
    engine: `${handle.engine} (SQLite ${sqliteVersion(handle)})`,
    runEach: (sql, items, parametersOf) => {
      const statement = statements.prepare(sql);
      return items.filter((item) => Number(statement.run(parametersOf(item)).changes) > 0);
    },
    close: () => kysely.destroy().finally(() => handle.close()),
  };
}
