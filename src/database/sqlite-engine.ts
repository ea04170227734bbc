import type { SqliteDatabase } from "kysely";
import { engineMissing, isCorrupt, sqliteError } from "./errors.ts";
import { toBind } from "./parameters.ts";
import { suspect } from "./suspects.ts";

/** An open SQLite file, as Kysely's dialect wants it. */
export interface SqliteHandle extends SqliteDatabase {
  /** `node:sqlite` or `libsql`. */
  engine: string;
  /** A second call does nothing. */
  close(): void;
  /** Runs one statement that needs no parameters and answers its rows. */
  rows(sql: string): Record<string, unknown>[];
}

/** What `node:sqlite` and libsql have in common. */
interface Driver {
  prepare(sql: string): DriverStatement;
  close(): void;
}

interface DriverStatement {
  all(...parameters: unknown[]): unknown[];
  run(...parameters: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...parameters: unknown[]): Iterable<unknown>;
}

interface Engine {
  name: string;
  open(file: string): Driver;
  /** Parameters as the arguments of a call: libsql makes one list of many, which takes it 2 µs a row (2026-11). */
  argumentsOf(parameters: readonly unknown[]): readonly unknown[];
}

/**
 * `node:sqlite` opens without a flag from Node 22.13 on; Node 20 has libsql, an optional dependency without install
 * scripts (better-sqlite3 needs one in version 12 and crashes on Node 20 in version 13; 2026-11).
 * @throws ConfigError `database_engine_missing`.
 */
export async function openSqlite(file: string): Promise<SqliteHandle> {
  const engine = nodeSqlite() ?? (await libsql());
  try {
    return handle(engine, file, engine.open(file));
  } catch (error) {
    throw sqliteError(file, error);
  }
}

function nodeSqlite(): Engine | undefined {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 22 || (major === 22 && minor < 13)) return undefined;
  const module = withoutNotice(() => process.getBuiltinModule("node:sqlite"));
  const { DatabaseSync } = module as { DatabaseSync: new (file: string) => Driver };
  return { name: "node:sqlite", open: (file) => new DatabaseSync(file), argumentsOf: (each) => each };
}

/** Node 22 announces with a warning that its SQLite is experimental; only this one is kept from the terminal. */
function withoutNotice<T>(load: () => T): T {
  const emitWarning = process.emitWarning;
  const filtered = (warning: string | Error, ...rest: unknown[]) => {
    if (String(warning).includes("SQLite is an experimental feature")) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  process.emitWarning = filtered as typeof emitWarning;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function libsql(): Promise<Engine> {
  try {
    const { default: Libsql } = await import("libsql");
    const open = (file: string) => new Libsql(file) as unknown as Driver;
    return { name: "libsql", open, argumentsOf: (all) => [all] };
  } catch (error) {
    throw engineMissing(
      `There is no embedded database for Node ${process.versions.node} on ${process.platform}-${process.arch}.`,
      "Use Node 22.13 or newer, install aicore with its optional packages, or set AICORE_DATABASE_URL to a Postgres.",
      error,
    );
  }
}

/** Statements that answer with rows. Only our own statements come here, and no value is ever part of one. */
const READS = /^\s*(?:select|pragma)\b|\breturning\b/i;

function handle({ name, argumentsOf }: Engine, file: string, driver: Driver): SqliteHandle {
  const told = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const told = sqliteError(file, error);
      if (isCorrupt(told)) suspect(file);
      throw told;
    }
  };
  const toPass = (parameters: readonly unknown[]) => argumentsOf(toBind(parameters));
  let open = true;
  return {
    engine: name,
    close: () => {
      if (open) told(() => driver.close());
      open = false;
    },
    rows: (sql) => told(() => driver.prepare(sql).all() as Record<string, unknown>[]),
    prepare: (sql) => {
      const statement = told(() => driver.prepare(sql));
      return {
        reader: READS.test(sql),
        all: (parameters) => told(() => statement.all(...toPass(parameters))),
        run: (parameters) => told(() => statement.run(...toPass(parameters))),
        iterate: (parameters) =>
          told(() =>
            statement.iterate(...toPass(parameters))[Symbol.iterator](),
          ) as IterableIterator<unknown>,
      };
    },
  };
}
